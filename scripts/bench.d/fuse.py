"""`scripts/bench --fuse`: what it costs to read and write a file through a FUSE mount.

All servers run side by side over files of their own, and every pattern goes round them in turn, so that
whatever else the machine does hits all alike. Ratios count, not seconds. Before it is measured, every
server has the whole file written once: with the tracker, no region is then written to for the first time.
What first writes cost is measured by itself, after a new generation began.
"""

import contextlib
import json
import os
import statistics
import subprocess
from pathlib import Path
from typing import NamedTuple

import mounts
import report

PAGE = 4096
GOAL = 1.1
GOAL_OF_MAP = 1.03


class Pattern(NamedTuple):
    how: str
    block: str
    depth: int

    @property
    def name(self):
        return f"{self.how} {self.block} depth {self.depth}"


PATTERNS = [
    Pattern(how, block, depth)
    for how in ("read", "randread", "write", "randwrite")
    for block in ("4k", "1m")
    for depth in (1, 16)
]

FIRST_WRITES = [Pattern("randwrite", "4k", 1), Pattern("randwrite", "4k", 16)]


class Bench(NamedTuple):
    """What the servers are started with."""

    home: Path
    program: Path
    work: Path


def measure(bench, size, runs, seconds, progress):
    """For every pattern the bytes per second through every server, one figure a round."""
    fuse = {"missing": [], "seconds": seconds, "patterns": [], "firstWrites": []}
    with contextlib.ExitStack() as stack:
        targets = {}
        files = []
        for name, serve in mounts.SERVERS.items():
            point = bench.work / name
            point.mkdir()
            backing = bench.work / f"{name}.img"
            fill(backing, size)
            try:
                targets[name] = stack.enter_context(serve(bench, backing, point))
                files.append(backing)
            except mounts.Missing as missing:
                fuse["missing"].append(f"{name} ({missing})")
        for target in targets.values():
            fio(target, Pattern("write", "1m", 16), size)
        for file in files:
            cache_in_pages(file)
        for pattern in PATTERNS:
            progress(f"bench: {pattern.name}")
            figures = {name: [] for name in targets}
            for turn in range(runs):
                for name in rotated(targets, turn):
                    figures[name].append(fio(targets[name], pattern, size, seconds))
            fuse["patterns"].append({"name": pattern.name, "bytesPerSecond": figures})
        pair = {name: targets[name] for name in ("snapferry", "plain") if name in targets}
        for pattern in FIRST_WRITES:
            progress(f"bench: {pattern.name}, first writes of a generation")
            figures = {name: [] for name in pair}
            for turn in range(runs):
                for name in rotated(pair, turn):
                    if name == "snapferry":
                        mounts.rotate(bench)
                    figures[name].append(fio(targets[name], pattern, size, seconds))
            fuse["firstWrites"].append({"name": pattern.name, "bytesPerSecond": figures})
    return fuse


def rotated(targets, turn):
    """Who comes first changes, and also who comes after whom."""
    names = list(targets) if turn % 2 == 0 else list(reversed(targets))
    first = turn // 2 % len(names)
    return names[first:] + names[:first]


def fill(path, size):
    """Really written, so that no run is the first to write a block."""
    block = bytes(range(256)) * 4096
    with open(path, "wb") as file:
        for _ in range(0, size, len(block)):
            file.write(block)


def cache_in_pages(path):
    """Has the page cache hold a file in single pages. It takes up to ten times as long to write 4 KiB into one
    of the large folios that large writes leave, and which a file has of them is chance."""
    os.sync()
    descriptor = os.open(path, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)
    for offset in range(0, os.fstat(descriptor).st_size, PAGE):
        os.pread(descriptor, PAGE, offset)
    os.close(descriptor)


def fio(target, pattern, size, seconds=None):
    """Bytes per second, for so many seconds or once over the whole file. What the server before it left
    to be written must not be paid for by this one."""
    os.sync()
    time = [f"--runtime={seconds}", "--time_based"] if seconds else []
    command = [
        "fio", "--name=bench", *target, f"--rw={pattern.how}", f"--bs={pattern.block}",
        f"--iodepth={pattern.depth}", f"--size={size}", *time, "--output-format=json",
    ]  # fmt: skip
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    job = json.loads(done.stdout[done.stdout.index(b"{") :])["jobs"][0]
    return job["read"]["bw_bytes"] + job["write"]["bw_bytes"]


def medians(pattern):
    return {name: statistics.median(rates) for name, rates in pattern["bytesPerSecond"].items()}


def judged(median, name, other, goal):
    """How many times as long as with `other` it takes with `name`; a mark if that is too much."""
    if name not in median or other not in median:
        return ""
    times = median[other] / median[name]
    return f"{times:.2f}" if times <= goal else f"{times:.2f}!"


def rows(fuse):
    """Headings; then for each pattern MB/s of each server, and the two ratios that have a goal."""
    names = list(fuse["patterns"][0]["bytesPerSecond"])
    yield ["MB/s", *names, "× libfuse", "× plain"]
    for pattern in fuse["patterns"]:
        median = medians(pattern)
        yield [
            pattern["name"],
            *(f"{median[name] / 1e6:.0f}" for name in names),
            judged(median, "snapferry", "libfuse", GOAL),
            judged(median, "snapferry", "plain", GOAL_OF_MAP),
        ]


def first_rows(fuse):
    names = list(fuse["firstWrites"][0]["bytesPerSecond"])
    yield ["MB/s, each region for the first time", *names, "× plain"]
    for pattern in fuse["firstWrites"]:
        median = medians(pattern)
        cells = [f"{median[name] / 1e6:.1f}" for name in names]
        yield [pattern["name"], *cells, judged(median, "snapferry", "plain", float("inf"))]


def text(fuse):
    """For a terminal."""
    tables = [report.columns("", list(rows(fuse))), report.columns("", list(first_rows(fuse)))]
    if fuse["missing"]:
        tables.append("not installed, so not measured: " + ", ".join(fuse["missing"]))
    return "\n".join(tables)


def page(document):
    """The lines of the page between its marks."""
    fuse = document["fuse"]
    yield from [report.where(document), "", f"    {document['command']}"]
    for table in (list(rows(fuse)), list(first_rows(fuse))):
        yield ""
        yield from report.table(table[0], table[1:])
    if fuse["missing"]:
        yield ""
        yield "Not measured: " + ", ".join(fuse["missing"]) + "."
