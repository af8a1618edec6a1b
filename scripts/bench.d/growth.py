"""How the cost of a run grows: with the size of the device, and with what changed on it."""

import errno
import os
import shutil
import statistics
from pathlib import Path

import curves
import images
import peers
import report
from cases import Case
from course import Course
from images import MIB

GIB = 1 << 30
DEVICES = [1 << 30, 1 << 36, 1 << 40, 1 << 44, 1 << 46]  # 1 GiB to 64 TiB
EXTENT = 64 * MIB  # at the start, in the middle and at the end of a device, of random bytes
CHANGES = [0, 0.1, 1, 5, 20]  # percent of all pages
PICTURE = "growth.svg"

HEADINGS = ["wall", "memory here", "memory there", "sent", "written", "state at both ends"]


CASE = Case("growth", "one run after the other", [peers.SNAPFERRY], memory=False, empty=True)


def measure(chosen, program, work, progress):
    """Both series: lists of points, each with what a run cost."""
    return {
        "devices": list(devices(chosen, program, work, progress)),
        "changes": list(changes(chosen, program, work, progress)),
    }


def devices(chosen, program, work, progress):
    """Sparse devices of growing size that hold the same; seeded, then one byte is changed."""
    for size in DEVICES:
        progress(f"bench: growth, a device of {amount(size)}")
        base = work / "sparse.img"
        try:
            sparse(base, size, chosen.seed)
        except OSError as refused:
            if refused.errno != errno.EFBIG:
                raise
            progress(f"bench: {chosen.dir} takes no file of {amount(size)}")
            continue
        course = Course(CASE, base, work / "case", program, chosen.seed)
        seeds, nexts = [], []
        for turn in range(chosen.runs):
            forget(course)
            seeds.append(cost(course))
            touch(course.place.source, size // 2, turn)
            nexts.append(cost(course))
        yield {"size": size, "seed": median(seeds), "next": median(nexts)}
        base.unlink()
        shutil.rmtree(course.root)


def changes(chosen, program, work, progress):
    """One image, of which more and more changes between two runs."""
    base = work / "base.img"
    images.build(base, chosen.size, chosen.seed, chosen.files)
    course = Course(CASE, base, work / "case", program, chosen.seed)
    cost(course)
    seed = chosen.seed
    for percent in CHANGES:
        progress(f"bench: growth, {percent} % of the pages change")
        costs = []
        for _ in range(chosen.runs):
            seed += 1
            if percent:
                images.Editor(course.place.source, seed).scattered(percent)
            os.sync()
            images.warm(course.place.source)
            costs.append(cost(course))
        yield {"percent": percent, "next": median(costs)}
    base.unlink()
    shutil.rmtree(course.root)


def sparse(path, size, seed):
    writer = images.Writer(seed)
    with open(path, "wb") as device:
        device.truncate(size)
        for offset in 0, size // 2, size - EXTENT:
            device.seek(offset)
            device.write(writer.content(images.NOISE, EXTENT))


def touch(path, offset, turn):
    with open(path, "r+b") as device:
        device.seek(offset)
        device.write(bytes([turn]))


def forget(course):
    Path(course.place.target).unlink(missing_ok=True)
    for path in peers.SNAPFERRY.memory(course.place):
        shutil.rmtree(path, ignore_errors=True)


def cost(course):
    result = course.execute(peers.SNAPFERRY.run(course.place))
    held = sum(map(allocated, peers.SNAPFERRY.memory(course.place)))
    return {**result, "state": held}


def allocated(directory):
    files = (Path(parent) / name for parent, _, names in os.walk(directory) for name in names)
    return sum(file.stat().st_blocks * 512 for file in files)


def median(costs):
    return {key: statistics.median(cost[key] for cost in costs) for key in costs[0]}


def amount(size):
    return f"{size / GIB:g} GiB" if size < 1 << 40 else f"{size / (1 << 40):g} TiB"


def cells(point):
    return [
        report.seconds(point["wall"]),
        report.megabytes(point["rssNear"]),
        report.megabytes(point["rssFar"]),
        report.megabytes(point["up"]),
        report.megabytes(point["written"]),
        report.megabytes(point["state"]),
    ]


def rows(growth):
    """Label and cells of every run that was measured."""
    for point in growth["devices"]:
        yield [f"{amount(point['size'])}, seed", *cells(point["seed"])]
        yield [f"{amount(point['size'])}, one page", *cells(point["next"])]
    for point in growth["changes"]:
        yield [f"{point['percent']:g} % of pages", *cells(point["next"])]


def page(document):
    """The tables, as Markdown."""
    growth = document["growth"]
    yield report.where(document)
    yield from ["", f"    {document['command']}", ""]
    yield f"![curves: what a run costs by size of the device and by change](../resources/{PICTURE})"
    yield ""
    yield from report.table(["run", *HEADINGS], rows(growth))


def draw(growth):
    """Time and memory of both series."""
    by_device = growth["devices"]
    by_change = growth["changes"]
    sizes = [amount(point["size"]) for point in by_device]
    percents = [f"{point['percent']:g} %" for point in by_change]
    return curves.draw(
        [
            curves.Panel(
                "seconds, by size of the device",
                sizes,
                {kind: [point[kind]["wall"] for point in by_device] for kind in ("seed", "next")},
            ),
            curves.Panel(
                "MB of memory, by size of the device (seed)",
                sizes,
                {
                    end: [point["seed"][key] / 1e6 for point in by_device]
                    for end, key in (("here", "rssNear"), ("there", "rssFar"))
                },
            ),
            curves.Panel(
                "seconds, by share of pages that changed",
                percents,
                {"next": [point["next"]["wall"] for point in by_change]},
            ),
            curves.Panel(
                "MB sent, by share of pages that changed",
                percents,
                {"sent": [point["next"]["up"] / 1e6 for point in by_change]},
            ),
        ]
    )
