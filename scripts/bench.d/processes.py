"""What a child process costs, out of /proc.

The relay imports this too, and its start is part of what is measured: nothing heavy here.
"""

import os
import select

SAMPLE_MS = 10
TICK = os.sysconf("SC_CLK_TCK")


def text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def field(content, name):
    """The number behind `name:` in a file of /proc, 0 if it is not there."""
    for line in content.splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def memory(pid, family):
    """The most bytes of memory that a process, and with `family` each of its children, had yet."""
    pids = [pid, *text(f"/proc/{pid}/task/{pid}/children").split()] if family else [pid]
    held = 0
    for member in pids:
        try:
            # A zombie has no memory, hence no line.
            held += field(text(f"/proc/{member}/status"), "VmHWM") * 1024
        except OSError:
            pass  # a child that has just ended
    return held


def cost_of(pid, family=False):
    """Waits for the end of a child and says what it cost.

    exit      its exit code, negative for a signal
    cpu       seconds of user and system time of its own threads
    children  the same of the children that it waited for
    rss       most bytes of memory it held, with `family` together with its children; sampled, so
              growth in the last 10 ms is missed. The kernel's own figure, rusage's, also contains
              the process that forked it
    written   bytes of its write calls and of those children's, whatever they wrote to. The count of
              what went to storage is no use: it takes a whole large folio for each page written
    """
    pidfd = os.pidfd_open(pid)
    end = select.poll()
    end.register(pidfd, select.POLLIN)
    rss = 0
    while True:
        rss = max(rss, memory(pid, family))
        if end.poll(SAMPLE_MS):
            break
    os.close(pidfd)
    # Dead, but not yet waited for: its counters are final, and still there.
    times = [int(n) / TICK for n in text(f"/proc/{pid}/stat").rpartition(")")[2].split()[11:15]]
    written = field(text(f"/proc/{pid}/io"), "wchar")
    _, status = os.waitpid(pid, 0)
    return {
        "exit": os.waitstatus_to_exitcode(status),
        "cpu": times[0] + times[1],
        "children": times[2] + times[3],
        "rss": rss,
        "written": written,
    }
