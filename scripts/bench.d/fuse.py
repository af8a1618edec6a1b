"""`scripts/bench --fuse`: what it costs to read and write a file through a FUSE mount.

All servers run side by side over files of their own, and every pattern goes round them in turn, so that
whatever else the machine does hits all alike. Ratios count, not seconds.
"""

import contextlib
import json
import statistics
import subprocess
from pathlib import Path
from typing import NamedTuple

import mounts

GOAL = 1.1


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


class Bench(NamedTuple):
    """What the servers are started with."""

    program: Path
    work: Path


def measure(program, work, size, runs, seconds, progress):
    """For every pattern the bytes per second through every server, one figure a round."""
    bench = Bench(program, work)
    document = {"missing": [], "size": size, "runs": runs, "patterns": []}
    with contextlib.ExitStack() as stack:
        files = {}
        for name, serve in mounts.SERVERS.items():
            point = work / name
            point.mkdir()
            backing = work / f"{name}.img"
            fill(backing, size)
            try:
                files[name] = stack.enter_context(serve(bench, backing, point))
            except mounts.Missing as missing:
                document["missing"].append(f"{name} ({missing})")
        for pattern in PATTERNS:
            figures = {name: [] for name in files}
            for turn in range(runs):
                for name in rotated(files, turn):
                    # O_DIRECT at a mount, or else nothing is asynchronous. The servers' own files
                    # go through the page cache, so the raw one does too.
                    direct = name != "raw"
                    rate = throughput(files[name], direct, pattern, size, seconds)
                    figures[name].append(rate)
            progress(f"bench: {pattern.name}")
            document["patterns"].append({"name": pattern.name, "bytesPerSecond": figures})
    return document


def rotated(files, turn):
    names = list(files)
    return names[turn % len(names) :] + names[: turn % len(names)]


def fill(path, size):
    """Really written, so that no run is the first to write a block."""
    block = bytes(range(256)) * 4096
    with open(path, "wb") as file:
        for _ in range(0, size, len(block)):
            file.write(block)


def throughput(path, direct, pattern, size, seconds):
    """Bytes per second, by fio."""
    command = [
        "fio", "--name=bench", f"--filename={path}", f"--rw={pattern.how}", f"--bs={pattern.block}",
        f"--iodepth={pattern.depth}", "--ioengine=libaio", f"--size={size}", f"--runtime={seconds}",
        f"--direct={int(direct)}", "--time_based", "--output-format=json",
    ]  # fmt: skip
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    job = json.loads(done.stdout)["jobs"][0]
    return job["read"]["bw_bytes"] + job["write"]["bw_bytes"]


def table(document):
    """Median MB/s of each server, and how many times as long as libfuse's the product's takes."""
    names = list(document["patterns"][0]["bytesPerSecond"])
    lines = [f"{'':22}" + "".join(f"{name:>12}" for name in names) + f"{'× libfuse':>12}"]
    for pattern in document["patterns"]:
        median = {name: statistics.median(v) for name, v in pattern["bytesPerSecond"].items()}
        cells = "".join(f"{median[name] / 1e6:12.0f}" for name in names)
        ratio = ""
        if "libfuse" in median:
            times = median["libfuse"] / median["snapferry"]
            ratio = f"{times:11.2f}{' ' if times <= GOAL else '!'}"
        lines.append(f"{pattern['name']:22}{cells}{ratio}")
    if document["missing"]:
        lines.append("not installed, so not measured: " + ", ".join(document["missing"]))
    return "\n".join(lines)
