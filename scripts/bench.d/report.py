"""What was measured, as text for a terminal and as a page."""

PICTURE = "performance.svg"

HEADINGS = ["", "wall", "ratio", "CPU", "far", "RSS", "far", "sent", "received", "written"]


def seconds(number):
    if not number:
        return "–"
    return f"{number:.2f} s" if number < 10 else f"{number:.0f} s"


def megabytes(number):
    if not number:
        return "–"
    if number < 1000:
        return f"{number:.0f} B"
    digits = 3 if number < 1e6 else 1 if number < 1e8 else 0
    return f"{number / 1e6:,.{digits}f} MB"


def reference(result):
    """The command whose wall time is 1: that of the first target, else the first peer that was right.

    None if there is none.
    """
    right = {command["name"]: command for command in result["commands"][1:] if command["median"]}
    texts = [target["text"] for target in result["targets"]]
    named = [name for text in texts for name in right if text.endswith(f"× {name}")]
    chosen = (named or list(right) or [None])[0]
    return right.get(chosen)


def rows(result):
    """For each command the cells below HEADINGS."""
    base = reference(result)
    for command in result["commands"]:
        median = command["median"]
        if not median:
            yield [command["name"], "failed"] + [""] * (len(HEADINGS) - 2)
            continue
        ratio = f"{median['wall'] / base['median']['wall']:.2f}" if base else ""
        yield [
            command["name"],
            seconds(median["wall"]),
            ratio,
            seconds(median["cpuNear"]),
            seconds(median["cpuFar"]),
            megabytes(median["rssNear"]),
            megabytes(median["rssFar"]),
            megabytes(median["up"]),
            megabytes(median["down"]),
            megabytes(median["written"]),
        ]


def judgement(target):
    """A target's value and what that means."""
    if target["met"] is None:
        return "–", "not measured"
    value = target["value"]
    absolute = target["limit"] > 1000  # bytes; the others are ratios
    return megabytes(value) if absolute else f"{value:.2f}", "met" if target["met"] else "missed"


def columns(title, table):
    """A table for the terminal."""
    widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))]
    lines = ["", title]
    for row in table:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("  ".join(["  " + row[0].ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines)


def case(result):
    """A case for the terminal: its table, and its targets."""
    base = reference(result)
    ratio = f"; ratio to {base['name']}" if base else ""
    title = f"{result['name']}: {result['what']}{ratio}"
    lines = [columns(title, [HEADINGS, *rows(result)])]
    for target in result["targets"]:
        value, met = judgement(target)
        lines.append(f"  target {target['text']}: {value}, {met}")
    return "\n".join(lines)


def table(headings, body):
    yield "| " + " | ".join(headings) + " |"
    yield "|---|" + "---:|" * (len(headings) - 1)
    for row in body:
        yield "| " + " | ".join(row) + " |"


def losses(document):
    """Where another command that does the same is faster, as items of a list."""
    for result in document["cases"]:
        right = [command for command in result["commands"] if command["median"]]
        if not right or right[0] is not result["commands"][0]:
            continue
        own = right[0]["median"]["wall"]
        for other in right[1:]:
            part = other["median"]["wall"] / own
            if other["replicates"] and part < 1:
                yield f"- {result['name']}: {cell(other['name'])} takes {part:.2f} of our time"


def cell(text):
    return text.replace("|", "\\|")


def where(document):
    """On which machine, when and how often."""
    return f"{when(document)}; {how_often(document['runs'], document['size'])}."


def when(document):
    """On which machine, and when."""
    machine = document["machine"]
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory'] >> 30} GiB, "
        f"{machine['fileSystem']}, Linux {machine['kernel']}; "
        + " to ".join(document.get("days") or [document["date"][:10]])
    )


def how_often(runs, size):
    image = f"{size / (1 << 30):g} GiB" if size >> 30 else f"{size >> 20} MiB"
    return f"median of {runs}, image of {image}"


def joined(series):
    """Several series of cases, of one machine, as one: that of the last, with the cases of all."""
    last = series[-1]["machine"]
    for document in series:
        same = all(document["machine"][key] == last[key] for key in ("cpu", "cores", "memory", "kernel"))
        if not same or "growth" in document or "fuse" in document:
            raise SystemExit("bench: only series of cases, and of one machine, make one page")
    cases = {result["name"]: result for document in series for result in document["cases"]}
    measured = {command["name"] for result in cases.values() for command in result["commands"]}
    missing = {program for document in series for program in document["missing"]}
    days = sorted(document["date"][:10] for document in series)
    versions = {}
    for document in series:
        versions |= {name: text for name, text in document["machine"]["versions"].items() if text}
    return series[-1] | {
        "command": "\n    ".join(document["command"] for document in series),
        "machine": last | {"versions": versions},
        "days": sorted({days[0], days[-1]}),
        "missing": sorted(name for name in missing if not any(name in each for each in measured)),
        "cases": list(cases.values()),
    }


def page(document):
    """Everything, as Markdown."""
    machine = document["machine"]
    yield f"{when(document)}."
    yield from ["", f"    {document['command']}", ""]
    versions = "; ".join(version for version in machine["versions"].values() if version)
    yield f"Versions: {versions}."
    if document["missing"]:
        yield f"Not installed, so not measured: {', '.join(document['missing'])}."
    yield from ["", f"![bars: how long peers take, Snapferry is 1](../resources/{PICTURE})"]
    yield from ["", "### Targets", ""]
    verdicts = [
        [result["name"], cell(target["text"]), *judgement(target)]
        for result in document["cases"]
        for target in result["targets"]
    ]
    yield from table(["case", "target", "measured", ""], verdicts)
    yield from ["", "### Where others are faster", ""]
    yield from list(losses(document)) or ["Nowhere in these cases."]
    for result in document["cases"]:
        base = reference(result)
        yield from ["", f"### {result['name']}", ""]
        ratio = f" Ratio to {cell(base['name'])}." if base else ""
        runs = max(len(command["runs"]) for command in result["commands"])
        yield (
            f"{result['what'][0].upper()}{result['what'][1:]}; "
            f"{how_often(runs, result['size'])}.{ratio}"
        )
        yield ""
        yield from table(HEADINGS, [[cell(text) for text in row] for row in rows(result)])


def write_docs(name, lines, site):
    """Replaces what is between the two comments of the page that carry this name."""
    path = site / "markdown" / "performance.md"
    opening, closing = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, begin, rest = path.read_text().partition(opening)
    _, end, after = rest.partition(closing)
    if not begin or not end:
        raise SystemExit(f"bench: {path} has no {opening} … {closing}")
    path.write_text("\n".join([before + opening, "", *lines, "", closing]) + after)
