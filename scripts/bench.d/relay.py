"""The line of a benchmark: starts the far end, relays its stdin and stdout, counts the bytes.

    relay.py LOG RTT-MS BITS-PER-SECOND HOST WORD...

Called like a remote shell: the words after the host are one command for a shell, as sshd takes
them. RTT-MS delays each direction by half of it, whatever is in flight; BITS-PER-SECOND (0: no cap)
is the capacity of each direction. Leaves LOG/PID.cost: what went each way and what the far end cost.

Its start is a part of every figure: modules that take long are imported when they are needed, if at
all.
"""

import os
import stat
import sys
import threading
import time
from fcntl import F_SETPIPE_SZ, fcntl

import processes

PIPE = 1 << 20
CHUNK = 64 << 10
BACKLOG = 1 << 20  # bytes that a capped line takes before the sender has to wait


class Direction(threading.Thread):
    """Carries bytes from one descriptor to another until the end of them, then closes both."""

    def __init__(self, source, sink, delay, rate):
        super().__init__(daemon=True)
        self.source, self.sink = source, sink
        self.delay, self.rate = delay, rate
        self.bytes = 0

    def run(self):
        try:
            if self.delay or self.rate:
                self.carry_late()
            else:
                self.carry()
        except (BrokenPipeError, ConnectionResetError):
            pass  # the sink is gone; the source learns it when its descriptor closes
        os.close(self.sink)
        os.close(self.source)

    def carry(self):
        if is_socket(self.source) or is_socket(self.sink):  # rsync's: splice may stall there
            while content := os.read(self.source, PIPE):
                self.bytes += len(content)
                write(self.sink, content)
        else:
            # Pages change hands in the kernel; nothing is copied.
            while length := os.splice(self.source, self.sink, PIPE):
                self.bytes += length

    def carry_late(self):
        import queue

        in_flight = queue.SimpleQueue()
        reader = threading.Thread(target=self.take, args=(in_flight,), daemon=True)
        reader.start()
        while chunk := in_flight.get():
            due, content = chunk
            time.sleep(max(0, due - time.monotonic()))
            write(self.sink, content)

    def take(self, in_flight):
        """Queues what comes, with the time at which it arrives at the other end of the line."""
        left = 0.0  # when the last bit leaves this end
        while content := os.read(self.source, CHUNK):
            self.bytes += len(content)
            left = max(left, time.monotonic())
            if self.rate:
                left += len(content) * 8 / self.rate
                time.sleep(max(0, left - time.monotonic() - BACKLOG * 8 / self.rate))
            in_flight.put((left + self.delay, content))
        in_flight.put(None)


def is_socket(descriptor):
    return stat.S_ISSOCK(os.fstat(descriptor).st_mode)


def write(sink, content):
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(sink, rest) :]


def widen(*descriptors):
    for descriptor in descriptors:
        try:
            fcntl(descriptor, F_SETPIPE_SZ, PIPE)
        except OSError:
            pass  # a socket, /dev/null, or more than this user may have


def main(log, rtt, rate, _host, *words):
    report = f"{log}/{os.getpid()}"
    with open(report + ".running", "x", encoding="utf-8"):
        pass  # whoever reads the log waits for this to become a .cost
    far_in, to_far = os.pipe()
    from_far, far_out = os.pipe()
    widen(0, 1, to_far, from_far)
    ends = [(os.POSIX_SPAWN_DUP2, far_in, 0), (os.POSIX_SPAWN_DUP2, far_out, 1)]
    command = ["sh", "-c", "exec " + " ".join(words)]
    far = os.posix_spawn("/bin/sh", command, os.environ, file_actions=ends)
    os.close(far_in)
    os.close(far_out)
    delay, rate = float(rtt) / 2000, float(rate)
    up = Direction(0, to_far, delay, rate)
    down = Direction(from_far, 1, delay, rate)
    up.start()
    down.start()
    cost = processes.cost_of(far, family=True)
    down.join()
    up.join(0.01)  # what was read is counted; but nobody waits for what the near end keeps open
    with open(report + ".running", "w", encoding="utf-8") as file:
        for name, value in {**cost, "up": up.bytes, "down": down.bytes}.items():
            print(name, value, file=file)
    os.rename(report + ".running", report + ".cost")
    os._exit(cost["exit"] if cost["exit"] >= 0 else 128 - cost["exit"])


if __name__ == "__main__":
    main(*sys.argv[1:])
