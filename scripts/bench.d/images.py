"""Images with known content, and known ways to change them.

All content comes from a seed. It never repeats by accident: random bytes are new everywhere, text is
drawn line by line, so that no two pages are equal and a matcher finds only what was really moved.
"""

import os
import random
import subprocess

KIB = 1 << 10
MIB = 1 << 20
PAGE = 4 * KIB
HOLE, TEXT, NOISE = "hole", "text", "noise"
SHARES = {HOLE: 40, TEXT: 30, NOISE: 30}
SHORTEST_LINE = 50  # bytes
LEVELS = ["INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR"]


class Writer:
    """Makes seeded content."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        words = ["".join(self.random.choices("aeinorstlucdmp", k=n % 8 + 4)) for n in range(250)]
        self.lines = [self.line(words) for _ in range(20_000)]

    def line(self, words):
        """A line as of a log, which LZ4 brings to about 40 % in a block of 64 KiB."""
        draw = self.random
        said = " ".join(draw.choices(words, k=draw.randint(4, 14)))
        day, minute, fraction = draw.randint(1, 31), draw.randint(0, 59), draw.randint(0, 999)
        at = f"2026-01-{day:02} 12:{minute:02}:00.{fraction:03}"
        return f"{at} {draw.choice(LEVELS):5} [{draw.choice(words)}] {said}\n".encode()

    def content(self, kind, length):
        if kind == NOISE:
            return self.random.randbytes(length)
        lines = b"".join(self.random.choices(self.lines, k=length // SHORTEST_LINE + 1))
        return lines[:length]

    def either(self, length):
        """Text or noise."""
        return self.content(self.random.choice([TEXT, NOISE]), length)


def solid(size):
    """Bytes at the start of an image that have no holes: where the data lies that moves."""
    return size // 8 // MIB * MIB


def region(size):
    """Bytes that are moved, shifted or rewritten."""
    return min(256 * MIB, solid(size) // 2)


def layout(draw, size):
    """Extents (offset, length, kind) of an image, each 1 to 16 MiB, in the shares of the mix."""
    left = {kind: size * share // 100 // MIB for kind, share in SHARES.items()}
    left[NOISE] += size // MIB - sum(left.values())
    offset = 0
    while any(left.values()):
        kinds = [TEXT, NOISE] if offset < solid(size) and left[TEXT] + left[NOISE] else list(left)
        kind = draw.choices(kinds, [left[kind] for kind in kinds])[0]
        units = min(draw.randint(1, 16), left[kind])
        left[kind] -= units
        yield offset, units * MIB, kind
        offset += units * MIB


def build(path, size, seed, files=None):
    """Writes an image; `files` is a directory whose files fill its first eighth instead."""
    writer = Writer(seed)
    with open(path, "wb") as image:
        image.truncate(size)
        for offset, length, kind in layout(writer.random, size):
            if kind != HOLE:
                for at in range(offset, offset + length, MIB):
                    image.seek(at)
                    image.write(writer.content(kind, MIB))
        if files:
            image.seek(0)
            pack(image, files, solid(size))
        os.fsync(image.fileno())


def pack(image, directory, room):
    """Writes the files below a directory one after the other, each from a page on."""
    for parent, names, files in os.walk(directory):
        names.sort()
        for name in sorted(files):
            path = os.path.join(parent, name)
            if os.path.islink(path) or not os.path.isfile(path) or not os.access(path, os.R_OK):
                continue
            with open(path, "rb") as file:
                content = file.read(min(room, 64 * MIB))
            padded = content + bytes(-len(content) % PAGE)
            image.write(padded[:room])
            room -= len(padded)
            if room <= 0:
                return


class Editor:
    """Changes an image in place. Each method returns the extents (offset, length) it rewrote."""

    def __init__(self, path, seed):
        self.path = path
        self.size = os.path.getsize(path)
        self.writer = Writer(seed)

    def write(self, extents):
        with open(self.path, "r+b") as image:
            for offset, content in extents:
                image.seek(offset)
                image.write(content)
            os.fsync(image.fileno())

    def scattered(self, percent):
        """That share of all pages, anywhere, becomes new text or noise."""
        draw = self.writer.random
        count = max(1, int(self.size / PAGE * percent / 100))
        pages = sorted(draw.sample(range(self.size // PAGE), count))
        self.write((page * PAGE, self.writer.either(PAGE)) for page in pages)
        return [(page * PAGE, PAGE) for page in pages]

    def clustered(self, percent):
        """That share of the image, in extents of 64 KiB to 2 MiB, becomes new text or noise."""
        draw = self.writer.random
        slot = 2 * MIB
        wanted = int(self.size * percent / 100)
        extents = []
        for at in draw.sample(range(self.size // slot), self.size // slot):
            length = min(draw.randint(64 * KIB, slot), wanted) // PAGE * PAGE
            if not length:
                break
            extents.append((at * slot + (slot - length) // PAGE // 2 * PAGE, length))
            wanted -= length
        extents.sort()
        self.write((offset, self.writer.either(length)) for offset, length in extents)
        return extents

    def moved(self, distance):
        """The region is now also that far ahead: only what it overwrote there is gone."""
        moving = self.start(region(self.size))
        self.write([(distance, moving)])
        return [(distance, len(moving))]

    def shifted(self, distance, at=0):
        """In the region, new bytes are inserted; as many fall off its end."""
        length = region(self.size)
        filling = self.writer.content(TEXT, distance)
        self.write([(at, filling + self.start(length - distance)[at:])])
        return [(at, length - at)]

    def start(self, length):
        with open(self.path, "rb") as image:
            return image.read(length)


def compressed(path, extents):
    """Bytes that LZ4 makes of these extents, in independent blocks of 64 KiB: the least to send."""
    command = ["lz4", "-1", "-B4", "--no-frame-crc", "-c", "-"]
    with open(path, "rb") as image, subprocess.Popen(
        ["sh", "-c", " ".join(command) + " 2>/dev/null | wc -c"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as lz4:
        for offset, length in extents:
            image.seek(offset)
            lz4.stdin.write(image.read(length))
        lz4.stdin.close()
        return int(lz4.stdout.read())


def warm(path):
    """Reads a file into the page cache."""
    buffer = bytearray(4 * MIB)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
