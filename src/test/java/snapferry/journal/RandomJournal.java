package snapferry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * An epoch made up at random: what the volume was before it, the records that change it, and what
 * it is after.
 */
final class RandomJournal {
  /** One call of a {@link JournalWriter}. */
  private interface Step {
    void write(JournalWriter writer) throws IOException;
  }

  static final UUID VOLUME = UUID.fromString("6f1c1f0e-2f4b-4b59-9d5a-0d4a3c8f7b11");
  static final RootHash ROOT = new RootHash(1, 2, 3, 4);

  final JournalHeader header;
  final VolumeState before;
  final VolumeState after;
  private final Random random;
  private final SignatureShape shape;
  private final Geometry geometry;
  private final List<Step> steps = new ArrayList<>();

  RandomJournal(Random random, int blockSize, long size, int changes) {
    this.random = random;
    this.geometry = new Geometry(size, new BlockSize(blockSize));
    HashKind hash = random.nextBoolean() ? HashKind.FAST128 : HashKind.SHA256;
    this.shape = new SignatureShape(geometry, hash, new SignatureShape.Key(5, 6));
    this.header = new JournalHeader(shape, 12, 13, VOLUME, 1_795_376_700_000L);
    this.before = new VolumeState(shape);
    random.nextBytes(before.image);
    random.nextBytes(before.entries);
    this.after = before.copy();
    for (int i = 0; i < changes; i++) {
      change();
    }
    long level1 = (geometry.blocks() + 255) / 256;
    for (long i = 0; i < level1; i++) {
      node(1, i);
    }
    if (level1 > 1) {
      node(2, 0);
    }
  }

  /** A small volume of a few blocks, with sizes at random. */
  static RandomJournal small(Random random) {
    int blockSize = BlockSize.PAGE << random.nextInt(5);
    long size = BlockSize.SECTOR * (1L + random.nextInt(20 * blockSize / BlockSize.SECTOR));
    return new RandomJournal(random, blockSize, size, random.nextInt(12));
  }

  /** The manifest of the image before the epoch. */
  Manifest manifest() {
    return manifest(header.baseEpoch(), new RootHash(9, 9, 9, 9));
  }

  /** A manifest of the same volume at another epoch. */
  Manifest manifest(long epoch, RootHash root) {
    Instant time = Instant.ofEpochMilli(0);
    return Manifest.seeding("vol0", VOLUME, new UUID(7, 8), shape, time)
        .standing(epoch, root, shape, time);
  }

  void write(JournalWriter writer) throws IOException {
    for (Step step : steps) {
      step.write(writer);
    }
  }

  /** The whole journal as it is on disk, committed or not. */
  byte[] bytes(boolean committed) throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    try (JournalWriter writer = JournalWriter.create(directory, header)) {
      write(writer);
      if (committed) {
        writer.commit(ROOT);
      } else {
        // What is still in the buffer goes to the file, as it would at a commit that was cut off.
        directory.crashAt = directory.events.size() + 1;
        try {
          writer.commit(ROOT);
        } catch (IOException e) {
          // as wanted
        }
      }
    }
    return directory.journal();
  }

  private void change() {
    long block = random.nextLong(geometry.blocks());
    byte[] ops = new byte[geometry.blockSize().pages()];
    int pages = geometry.pages(block);
    for (int page = 0; page < pages; page++) {
      ops[page] = page > 0 && random.nextInt(3) > 0 ? ops[page - 1] : (byte) random.nextInt(3);
    }
    ops[random.nextInt(pages)] = PageRuns.LITERAL;
    switch (random.nextInt(4)) {
      case 0 -> zero(block, 1 + random.nextLong(geometry.blocks() - block));
      case 1 -> entry(block);
      default -> block(block, ops);
    }
  }

  private void zero(long first, long count) {
    int from = (int) geometry.offset(first);
    int to = (int) Math.min(geometry.size(), geometry.offset(first + count));
    Arrays.fill(after.image, from, to, (byte) 0);
    int entry = shape.entryLength();
    Arrays.fill(after.entries, (int) first * entry, (int) (first + count) * entry, (byte) 0);
    steps.add(writer -> writer.zero(first, count));
  }

  private void entry(long block) {
    ByteBuffer entry = newEntry(block);
    steps.add(writer -> writer.block(block, entry));
  }

  private void block(long block, byte[] ops) {
    ByteBuffer entry = newEntry(block);
    ByteBuffer literals = ByteBuffer.allocate(3 + geometry.blockSize().bytes());
    literals.position(3);
    for (int page = 0; page < geometry.pages(block); page++) {
      byte[] bytes = new byte[geometry.pageLength(block, page)];
      int offset = (int) geometry.offset(block) + page * BlockSize.PAGE;
      if (ops[page] == PageRuns.LITERAL) {
        random.nextBytes(bytes);
        literals.put(bytes);
      }
      if (ops[page] != PageRuns.SAME) {
        System.arraycopy(bytes, 0, after.image, offset, bytes.length);
      }
    }
    int length = literals.position() - 3;
    steps.add(writer -> writer.block(block, entry, ops, literals, 3, length));
  }

  private ByteBuffer newEntry(long block) {
    byte[] entry = new byte[shape.entryLength()];
    random.nextBytes(entry);
    System.arraycopy(entry, 0, after.entries, (int) block * entry.length, entry.length);
    return ByteBuffer.wrap(entry);
  }

  /** A node, somewhere among the other records: it need not come last. */
  private void node(int level, long index) {
    byte[] node = new byte[32];
    random.nextBytes(node);
    after.nodes.put(level + "/" + index, HexFormat.of().formatHex(node));
    steps.add(
        random.nextInt(steps.size() + 1),
        writer -> writer.node(level, index, ByteBuffer.wrap(node)));
  }
}
