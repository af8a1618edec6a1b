"""Whether what was measured is what is wanted."""

from cases import LEAST, Bound

NAMES = {
    "wall": "wall time",
    "up": "bytes on the wire",
    "rssNear": "memory here",
    "rssFar": "memory there",
}


def judge(case, result, earlier):
    """The targets of a case as text, value, limit and whether it is met; None: not measured.

    `earlier` holds the results of the cases before it, by name.
    """
    own = median(result, case.peers[0].name)
    return [verdict(target, case, result, own, earlier) for target in case.targets]


def verdict(target, case, result, own, earlier):
    value = None
    if isinstance(target, Bound):
        reference = 1 if target.of is None else referenced(target, result)
        text = f"{NAMES[target.metric]} ≤ " + (
            f"{target.limit:.3g} × {target.of}" if target.of else amount(target.limit)
        )
        if own and reference:
            value = own[target.metric] / reference
    else:
        text = f"≤ {target.limit} round trips more than without delay"
        first = median(earlier[target.beyond], case.peers[0].name) if target.beyond in earlier else None
        if own and first:
            value = (own["wall"] - first["wall"]) / (case.rtt / 1000)
    met = None if value is None else value <= target.limit
    return {"text": text, "value": value, "limit": target.limit, "met": met}


def referenced(bound, result):
    if bound.of == LEAST:
        return result["least"]
    reference = median(result, bound.of)
    return reference and reference[bound.metric]


def median(result, name):
    for command in result["commands"]:
        if command["name"] == name:
            return command["median"]
    return None


def amount(number):
    return f"{number / 1e6:.3g} MB"
