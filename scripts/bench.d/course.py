"""Runs the commands of one case, each from the same state of disk, cache and memory."""

import glob
import os
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import images
import peers
import processes

LIMIT = 3600  # seconds after which a command counts as one that hangs
PATIENCE = 30  # seconds that a far end may outlive the command that started it


class Failed(Exception):
    """A command that failed, or that left a wrong target."""


class Course:
    """A case in a directory of its own: `source.img`, `target.img`, and what commands remember."""

    def __init__(self, case, base, root, launcher, seed):
        self.case, self.base, self.root, self.seed = case, base, root, seed
        self.log = root / "line"
        self.complaints = root / "stderr"
        self.log.mkdir(parents=True)
        local = [str(peers.LOCAL_RSH)]
        line = local if case.direct else peers.relayed(self.log, case.rtt, case.rate)
        self.place = peers.Place(root, str(base), launcher, line)
        self.nearby = self.place._replace(line=local)
        self.target_is_base = False
        self.least = None

        copy(base, self.place.source)

    def change(self):
        """Changes the source; what commands are to remember they have learned before."""
        if self.case.change:
            extents = self.case.change(images.Editor(self.place.source, self.seed + 1))
            if shutil.which("lz4"):
                self.least = images.compressed(self.place.source, extents)

    def learn(self, peer):
        """Lets a command make what it remembers."""
        if peer.learn and self.case.memory:
            self.reset_target()
            self.place.memory.mkdir(exist_ok=True)
            self.target_is_base = False
            self.execute(peer.learn(self.nearby))
            for path in filter(Path.exists, peer.memory(self.place)):
                saved = self.saved(peer, path)
                saved.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(path, saved)

    def saved(self, peer, path):
        return self.root / "saved" / peer.name / path.name

    def run(self, peer):
        """Brings everything back to where it was, runs the command, and looks at what it did."""
        self.reset_target()
        self.reset_memory(peer)
        images.warm(self.place.source)
        if not self.case.empty:
            images.warm(self.place.target)
        self.target_is_base &= not peer.replicates
        cost = self.execute(peer.run(self.place))
        if peer.replicates:
            proof = ["cmp", self.place.source, self.place.target]
            if subprocess.run(proof, capture_output=True, check=False).returncode:
                raise Failed("the target is not what the source is")
            self.target_is_base = not self.case.change and not self.case.empty
        return cost

    def reset_target(self):
        target = Path(self.place.target)
        if self.case.empty:
            target.unlink(missing_ok=True)
        elif not self.target_is_base:
            copy(self.base, target)
            self.target_is_base = True

    def reset_memory(self, peer):
        for path in peer.memory(self.place):
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
            saved = self.saved(peer, path)
            if saved.is_dir():
                shutil.copytree(saved, path)
            elif saved.exists():
                shutil.copy2(saved, path)
        os.sync()

    def execute(self, stages):
        """Runs a pipeline to its end and adds up what it cost."""
        with open(self.complaints, "wb") as complaints:
            started = time.monotonic()
            costs = wait(spawn(stages, complaints.fileno()))
            wall = time.monotonic() - started
        far = self.far_ends()
        near = [cost for stage, cost in zip(stages, costs) if str(peers.RELAY) not in stage]
        if any(cost["exit"] for cost in costs):
            said = self.complaints.read_text(errors="replace").strip()[-2000:]
            raise Failed(f"exit codes {[cost['exit'] for cost in costs]}: {said}")
        # Without a relay, whatever the command starts is the far end too and cannot be told apart.
        whole = near if not far else []
        return {
            "wall": wall,
            "cpuNear": total(near, "cpu") + total(whole, "children"),
            "cpuFar": total(far, "cpu") + total(far, "children"),
            "rssNear": total(near, "rss"),
            "rssFar": total(far, "rss"),
            "up": total(far, "up"),
            "down": total(far, "down"),
            # To files, that is: without what it wrote to the line.
            "written": total(far, "written") - total(far, "down"),
        }

    def far_ends(self):
        """What the relays left behind, when all of them are done."""
        deadline = time.monotonic() + PATIENCE
        while glob.glob(f"{self.log}/*.running"):
            if time.monotonic() > deadline:
                raise Failed(f"the far end did not end within {PATIENCE} s")
            time.sleep(0.005)
        reports = [Path(path) for path in glob.glob(f"{self.log}/*.cost")]
        far = [read(report.read_text()) for report in reports]
        for report in reports:
            report.unlink()
        return far


def read(text):
    """What a relay says of a far end, a line each."""
    pairs = map(str.split, text.splitlines())
    return {name: float(value) if "." in value else int(value) for name, value in pairs}


def total(costs, what):
    return sum(cost[what] for cost in costs)


def copy(source, target):
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", source, target], check=True)
    with open(target, "rb") as file:
        os.fsync(file.fileno())


def spawn(stages, complaints):
    """Starts the stages of a pipeline, from /dev/null to /dev/null."""
    children = []
    source = os.open(os.devnull, os.O_RDONLY)
    for stage in stages:
        following, sink = None, os.open(os.devnull, os.O_WRONLY)
        if stage is not stages[-1]:
            os.close(sink)
            following, sink = os.pipe()
        ends = [(os.POSIX_SPAWN_DUP2, end, n) for n, end in enumerate([source, sink, complaints])]
        children.append(os.posix_spawnp(stage[0], stage, os.environ, file_actions=ends))
        os.close(source)
        os.close(sink)
        source = following
    return children


def wait(children):
    """The costs of all children; those that still run when this is left are ended."""
    handles = [os.pidfd_open(child) for child in children]
    with ThreadPoolExecutor(len(children)) as threads:
        ends = [threads.submit(processes.cost_of, child) for child in children]
        deadline = time.monotonic() + LIMIT
        try:
            return [end.result(deadline - time.monotonic()) for end in ends]
        except TimeoutError:
            raise Failed(f"no end after {LIMIT} s") from None
        finally:
            for handle, end in zip(handles, ends):
                if not end.done():
                    signal.pidfd_send_signal(handle, signal.SIGTERM)
                os.close(handle)
