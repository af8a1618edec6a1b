"""The servers of one file that `scripts/bench --fuse` compares, each with its file while it serves."""

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PATIENCE_S = 60


class Missing(Exception):
    """Something that a server needs is not installed."""


@contextlib.contextmanager
def raw(_, backing, _point):
    """No server: the file itself."""
    yield backing


@contextlib.contextmanager
def snapferry(bench, backing, point):
    command = [bench.program, "track", "--name", "vol0", backing, point]
    with mounted([*map(str, command)], point):
        yield point / "vol0"


@contextlib.contextmanager
def libfuse(bench, backing, point):
    program = bench.work / "one-file"
    if not program.exists():
        compile_one_file(program)
    with mounted([str(program), str(backing), str(point)], point):
        yield point / "vol0"


def compile_one_file(program):
    include = Path("/usr/include/fuse3")
    if not shutil.which("gcc") or not include.exists():
        raise Missing("gcc and libfuse3-dev")
    source = HERE / "one-file.c"
    command = ["gcc", "-std=gnu11", "-O2", f"-I{include}", "-o", program, source, "-lfuse3"]
    subprocess.run(command, check=True)


@contextlib.contextmanager
def mounted(command, point):
    """A server while it serves at `point`; ends by unmounting."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(point, server)
        yield
    finally:
        if os.path.ismount(point):
            subprocess.run(["umount", point], check=True)
        else:
            server.terminate()
        server.wait(PATIENCE_S)


def wait_for(point, server):
    end = time.monotonic() + PATIENCE_S
    while not os.path.ismount(point):
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"{server.args[0]} does not mount: exit status {server.returncode}")
        time.sleep(0.05)


SERVERS = {"raw": raw, "snapferry": snapferry, "libfuse": libfuse}
