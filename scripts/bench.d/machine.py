"""Which machine this is, and what is installed on it."""

import os
import platform
import subprocess

from processes import field, text

VERSIONS = {
    "java": ["java", "-version"],
    "rsync": ["rsync", "--version"],
    "lz4": ["lz4", "--version"],
    "xxhsum": ["xxhsum", "--version"],
    "blocksync-fast": ["blocksync-fast", "--version"],
}


def describe(directory):
    cpu = [line for line in text("/proc/cpuinfo").splitlines() if line.startswith("model name")]
    return {
        "cpu": cpu[0].partition(": ")[2] if cpu else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": field(text("/proc/meminfo"), "MemTotal") * 1024,
        "kernel": platform.release(),
        "fileSystem": said("stat", "-f", "-c", "%T", str(directory)),
        "load": os.getloadavg()[0],
        "versions": {name: said(*command) for name, command in VERSIONS.items()},
    }


def said(*command):
    """The first line of what a command says, empty if there is no such command."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except FileNotFoundError:
        return ""
    lines = done.stdout.decode(errors="replace").strip().splitlines()
    return " ".join(lines[0].strip("* ").split()) if lines else ""
