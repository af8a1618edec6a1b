"""What is measured: how the image changes, over which line, who takes part, what must come out."""

from typing import Callable, NamedTuple

import images
import peers
from images import MIB

LEAST = "LZ4 of the change"  # not a command: the bytes that the changed extents come to
MOST_MEMORY = 200e6


class Bound(NamedTuple):
    """Snapferry's median of a metric is at most `limit`, times that of a peer if there is one."""

    metric: str
    limit: float
    of: str | None = None


class RoundTrips(NamedTuple):
    """Wall time beyond that of another case, which has no delay, in round trips: at most `limit`."""

    limit: float
    beyond: str


class Case(NamedTuple):
    name: str
    what: str
    peers: list
    change: Callable[[images.Editor], list] | None = None
    memory: bool = True  # both ends remember the state before the change
    empty: bool = False  # there is no target
    size: int | None = None  # of the image, if it is not the one that is asked for
    direct: bool = False  # no relay: its start would be measured
    rtt: float = 0  # milliseconds
    rate: float = 0  # bits a second, 0 for no cap
    targets: tuple = ()

    @property
    def scenario(self):
        return self.name.partition(":")[0]


MEMORY = (Bound("rssNear", MOST_MEMORY), Bound("rssFar", MOST_MEMORY))
REPLICATORS = [
    peers.SNAPFERRY,
    peers.RSYNC,
    peers.BLOCKSYNC,
    peers.BLOCKSYNC_LZ4,
    peers.BDSYNC,
    peers.DISKRSYNC,
]


def scattered(editor):
    return editor.scattered(1)


def clustered(editor):
    return editor.clustered(5)


def shift(name, what, change, *targets):
    competitors = [*REPLICATORS[:2], peers.RSYNC_COPY, *REPLICATORS[2:]]
    return Case(name, what, competitors, change, targets=(*targets, *MEMORY))


def no_slower_than(peer, limit=1.0):
    return Bound("wall", limit, peer.name)


FOUND = (no_slower_than(peers.RSYNC, 1 / 5), Bound("up", 1e6))


def latency_cases():
    for remembered in True, False:
        with_state = "state" if remembered else "no state"
        prefix = "latency:" + ("state" if remembered else "none")
        first = peers.SNAPFERRY if remembered else peers.SNAPFERRY_INIT
        others = [peers.RSYNC, peers.BLOCKSYNC_LZ4] if remembered else [peers.RSYNC, peers.BDSYNC]
        for rtt in 0, 40, 100:
            yield Case(
                f"{prefix}:{rtt}ms",
                f"256 MiB, 2 % of pages changed, {with_state}, round trip {rtt} ms",
                [first, *others],
                lambda editor: editor.scattered(2),
                memory=remembered,
                size=256 * MIB,
                rtt=rtt,
                targets=(RoundTrips(6, f"{prefix}:0ms"),) if rtt else (),
            )


def rate_cases():
    for name, rate in ("100Mbit", 100e6), ("1Gbit", 1e9):
        for change in scattered, clustered:
            yield Case(
                f"rate:{name}:{change.__name__}",
                f"as `{change.__name__}`, over a line of {name}/s",
                [peers.SNAPFERRY, peers.RSYNC, peers.BLOCKSYNC_LZ4],
                change,
                rate=rate,
            )


CASES = [
    Case(
        "seed",
        "an empty target",
        [peers.SNAPFERRY, peers.RSYNC_WHOLE, peers.LZ4_PIPE, peers.DISKRSYNC],
        memory=False,
        empty=True,
        targets=(no_slower_than(peers.RSYNC_WHOLE, 0.7), no_slower_than(peers.LZ4_PIPE), *MEMORY),
    ),
    Case(
        "identical",
        "nothing changed, both ends hold state",
        [peers.SNAPFERRY, peers.XXHSUM, peers.CMP, *REPLICATORS[1:]],
        targets=(no_slower_than(peers.XXHSUM, 1.3), no_slower_than(peers.BLOCKSYNC), *MEMORY),
    ),
    Case(
        "scattered",
        "1 % of all 4 KiB pages changed, anywhere",
        REPLICATORS,
        scattered,
        targets=(
            no_slower_than(peers.BLOCKSYNC_LZ4),
            no_slower_than(peers.RSYNC, 1 / 12),
            Bound("up", 1.05, LEAST),
            *MEMORY,
        ),
    ),
    Case(
        "clustered",
        "5 % changed, in extents of up to 2 MiB",
        REPLICATORS,
        clustered,
        targets=(no_slower_than(peers.BLOCKSYNC_LZ4), Bound("up", 1.02, LEAST), *MEMORY),
    ),
    shift("moved", "256 MiB moved forward by 1 MiB", lambda editor: editor.moved(MIB), *FOUND),
    shift("shift512", "256 MiB shifted by 512 bytes", lambda editor: editor.shifted(512), *FOUND),
    shift("shift137", "256 MiB shifted by 137 bytes", lambda editor: editor.shifted(137)),
    shift(
        "insert",
        "256 MiB rewritten with 1000 bytes more near the start",
        lambda editor: editor.shifted(1000, at=9 * 1024),
    ),
    Case(
        "contact",
        "0.1 % of pages differ, no state at either end",
        [peers.SNAPFERRY_INIT, peers.CMP, peers.RSYNC, peers.BDSYNC, peers.DISKRSYNC],
        lambda editor: editor.scattered(0.1),
        memory=False,
        targets=(no_slower_than(peers.CMP), *MEMORY),
    ),
    Case(
        "idle",
        "an image of 1 MiB that did not change: little but the start of two programs",
        [peers.SNAPFERRY, peers.TWO_JAVAS],
        size=MIB,
        direct=True,
        targets=(no_slower_than(peers.TWO_JAVAS, 2.5),),
    ),
    *latency_cases(),
    *rate_cases(),
]
