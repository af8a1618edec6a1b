"""The commands that are compared, and how each is called.

A command is a pipeline: a list of argument vectors. What runs at the far end is put behind the line
of a `Place`, either as the remote shell of a program or as a stage of the pipeline.
"""

import shlex
import shutil
import sys
from pathlib import Path
from typing import Callable, NamedTuple

RELAY = Path(__file__).with_name("relay.py")
LOCAL_RSH = Path(__file__).parent.with_name("local-rsh")
FAR = "far"  # the name of a host; no line looks at it


class Place(NamedTuple):
    """Where a case is run: its images, what the commands remember, the line, the program."""

    root: Path
    base: str  # both images, before the change
    launcher: Path
    line: list  # argument vector of a remote shell

    @property
    def source(self):
        return str(self.root / "source.img")

    @property
    def target(self):
        return str(self.root / "target.img")

    @property
    def memory(self):
        """What commands remember of the target, at either end."""
        return self.root / "memory"

    @property
    def rsh(self):
        return shlex.join(self.line)

    def far(self, *command):
        """The stage of a pipeline that runs a command at the far end."""
        return [*self.line, FAR, shlex.join(command)]


def relayed(log, rtt, rate):
    """A line that counts, as an argument vector; see relay.py."""
    # No site packages: the start of the relay is part of what is measured.
    return [sys.executable, "-ES", str(RELAY), str(log), str(rtt), str(rate)]


class Peer(NamedTuple):
    """One way to make the target equal to the source; or a yardstick that only reads."""

    name: str
    programs: tuple
    run: Callable[[Place], list]
    learn: Callable[[Place], list] | None = None  # makes `memory` while both images are the same
    memory: Callable[[Place], list] = lambda place: []
    replicates: bool = True

    def missing(self):
        return [program for program in self.programs if not shutil.which(program)]


def push(*options):
    def run(place):
        state = place.memory / "snapferry"
        words = ["push", "--quiet", "--state-dir", state / "near", "--remote-state-dir", state / "far"]
        line = ["--rsh", place.rsh, "--remote-command", shlex.quote(str(place.launcher))]
        ends = [place.source, f"{FAR}:{place.target}"]
        return [[str(word) for word in [place.launcher, *words, *line, *options, *ends]]]

    return run


def snapferry(*options):
    return Peer(
        "snapferry",
        ("java",),
        push(*options),
        learn=push("--init"),
        memory=lambda place: [place.memory / "snapferry", Path(place.target + ".snapferry")],
    )


def rsync(name, *options):
    # Sizes are equal and times say nothing here, so -I: compare the content.
    def run(place):
        return [["rsync", "-I", *options, "-e", place.rsh, place.source, f"{FAR}:{place.target}"]]

    return Peer(name, ("rsync",), run)


def blocksync_fast(name, programs, outward, inward):
    """`outward` and `inward` stand before and behind the line: a filter, or nothing."""

    def digest(place):
        return place.memory / "blocksync-fast.digest"

    def from_source(place, what):
        files = ["-s", place.source, "-f", str(digest(place))]
        return ["blocksync-fast", "--silent", what, *files]

    def run(place):
        apply = shlex.join(["blocksync-fast", "--silent", "--apply-delta", "-d", place.target])
        return [from_source(place, "--make-delta"), *outward, place.far("sh", "-c", inward + apply)]

    def learn(place):
        return [from_source(place, "--make-digest")]

    return Peer(name, programs, run, learn, lambda place: [digest(place)])


def bdsync(place):
    serve = shlex.join([*place.line, FAR, "bdsync", "--server"])
    patch = place.far("bdsync", f"--patch={place.target}")
    return [["bdsync", "--twopass", serve, place.source, place.target], patch]


def diskrsync(place):
    # It starts "ssh", whatever is asked; so that is what the line is called for it.
    ssh = place.root / "bin" / "ssh"
    ssh.parent.mkdir(exist_ok=True)
    ssh.write_text(f'#!/bin/sh\nexec {place.rsh} "$@"\n')
    ssh.chmod(0o755)
    path = f'PATH={shlex.quote(str(ssh.parent))}:"$PATH"'
    copy = shlex.join(["diskrsync", "--no-compress", place.source, f"{FAR}:{place.target}"])
    return [["sh", "-c", f"{path} exec {copy}"]]


def yardstick(name, *command):
    """Reads what it is told, at this end, and writes nothing."""

    def run(place):
        images = {"base": place.base, "source": place.source, "target": place.target}
        return [[word.format(**images) for word in command]]

    return Peer(name, (command[0],), run, replicates=False)


SNAPFERRY = snapferry()
SNAPFERRY_INIT = snapferry("--init")
RSYNC = rsync("rsync", "--inplace", "--no-whole-file")
RSYNC_COPY = rsync("rsync, temporary copy", "--no-whole-file", "--sparse")
RSYNC_WHOLE = rsync("rsync -W lz4", "--whole-file", "--sparse", "--compress", "--compress-choice=lz4")
BLOCKSYNC = blocksync_fast("blocksync-fast", ("blocksync-fast",), [], "exec ")
BLOCKSYNC_LZ4 = blocksync_fast(
    "blocksync-fast | lz4", ("blocksync-fast", "lz4"), [["lz4", "-1", "-c", "-"]], "lz4 -dc - | "
)
BDSYNC = Peer("bdsync", ("bdsync",), bdsync)
DISKRSYNC = Peer("diskrsync", ("diskrsync",), diskrsync)
LZ4_PIPE = Peer(
    "lz4 -1 pipe",
    ("lz4",),
    lambda place: [
        ["lz4", "-1", "-q", "-c", place.source],
        place.far("lz4", "-q", "-d", "-f", "--sparse", "-", place.target),
    ],
)
# Of two images that are equal: it would stop where they differ.
CMP = yardstick("cmp", "cmp", "{base}", "{target}")
XXHSUM = yardstick("xxhsum -H2", "xxhsum", "-H2", "{source}")
TWO_JAVAS = Peer(
    "java -version, twice",
    ("java",),
    lambda place: [["sh", "-c", "java -version && java -version"]],
    replicates=False,
)
