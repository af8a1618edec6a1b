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


def mounted_file(point):
    """O_DIRECT at a mount, or else nothing is asynchronous."""
    return [f"--filename={point / 'vol0'}", "--ioengine=libaio", "--direct=1"]


@contextlib.contextmanager
def raw(_, backing, _point):
    """No server: the file itself. The servers' own files go through the page cache, so this does too."""
    yield [f"--filename={backing}", "--ioengine=libaio", "--direct=0"]


def state(bench):
    return f"--state-dir={bench.work / 'state'}"


@contextlib.contextmanager
def snapferry(bench, backing, point):
    with mounted([bench.program, "track", state(bench), backing, point], point):
        yield mounted_file(point)


def rotate(bench):
    """Begins a generation, in which every region is written to for the first time."""
    volume = bench.work / "snapferry.img"
    command = [bench.program, "track", "rotate", "-q", state(bench), volume]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def plain(bench, backing, point):
    """The same server over the same file, without a map: that of the tests."""
    target = bench.home / "target"
    if not (target / "test-classes/snapferry/fuse/Serve.class").exists():
        raise Missing("mvn test-compile")
    places = [target / "test-classes", target / "classes", target / "lib" / "*"]
    java = ["java", "-Xmx256m", "-XX:MaxDirectMemorySize=512m", "-XX:+UseSerialGC", "-XX:-UsePerfData"]
    run = bench.work / "run"
    words = ["-cp", ":".join(map(str, places)), "snapferry.fuse.Serve", point, run, "DIRECT", "8"]
    with mounted([*java, *words, backing], point):
        yield mounted_file(point)


@contextlib.contextmanager
def libfuse(bench, backing, point):
    program = bench.work / "one-file"
    if not program.exists():
        compile_one_file(program)
    with mounted([program, backing, point], point):
        yield mounted_file(point)


@contextlib.contextmanager
def nbdkit(bench, backing, _point):
    """By fio's own NBD client over a socket: no kernel comes in between, which flatters it."""
    if not shutil.which("nbdkit"):
        raise Missing("nbdkit")
    socket = bench.work / "nbd"
    server = subprocess.Popen(["nbdkit", "--foreground", f"--unix={socket}", "file", backing])
    try:
        while not socket.exists():
            if server.poll() is not None:
                raise Missing("nbdkit does not start")
            time.sleep(0.05)
        yield ["--ioengine=nbd", f"--uri=nbd+unix:///?socket={socket}"]  # in this order
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


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
    server = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
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


SERVERS = {
    "raw": raw,
    "snapferry": snapferry,
    "plain": plain,
    "libfuse": libfuse,
    "nbdkit": nbdkit,
}
