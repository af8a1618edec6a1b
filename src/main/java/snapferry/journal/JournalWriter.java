package snapferry.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.Crc32c;
import snapferry.codec.LittleEndian;
import snapferry.delta.PageRuns;
import snapferry.delta.RootHash;
import snapferry.delta.TreeShape;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.extent.BlockSize;

/**
 * Writes the journal of one epoch; see {@code journal.md}. The order of its writes is what a crash
 * cannot break: header and blank slots, records, sync of the file and of the directory, both slots,
 * sync. A writer that is closed before {@link #commit} returned leaves a journal that recovery
 * judges.
 *
 * <p>After an exception the writer accepts nothing more: what is on disk is unknown. Not safe for
 * use by several threads.
 */
public final class JournalWriter implements Closeable {
  private final StateDirectory directory;
  private final Appender file;
  private final JournalBounds bounds;
  private final long epoch;

  /** A record without its literals: header, entry, runs. */
  private final ByteBuffer head;

  private final Crc32c crc = new Crc32c();
  private final Crc32c recordsCrc = new Crc32c();
  private long records;

  private JournalWriter(StateDirectory directory, Appender file, JournalHeader header) {
    this.directory = directory;
    this.file = file;
    this.bounds = new JournalBounds(header.shape());
    this.epoch = header.epoch();
    this.head = LittleEndian.direct(bounds.maxHead());
  }

  /** Starts the journal of {@code header}'s epoch in {@code directory}, in place of any other. */
  public static JournalWriter create(StateDirectory directory, JournalHeader header)
      throws IOException {
    Appender file = Appender.create(directory, StateFiles.JOURNAL, "journal", "");
    try {
      ByteBuffer start = LittleEndian.direct(JournalFormat.RECORDS);
      header.encode(start);
      file.put(start, 0, start.capacity());
      file.flush();
      return new JournalWriter(directory, file, header);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /**
   * A block of the image and its signature entry.
   *
   * @param block its number
   * @param entry from position to limit the block hash and the page sums of a whole block; left as
   *     it is
   * @param ops one {@link PageRuns} op a page; a page that is Same is not written at apply
   * @param literals holds the bytes of the Literal pages, in order and without gaps; left as it is
   * @param literalsOffset where in {@code literals} they start
   * @param literalsLength how many there are, in bytes
   */
  public void block(
      long block,
      ByteBuffer entry,
      byte[] ops,
      ByteBuffer literals,
      int literalsOffset,
      int literalsLength)
      throws IOException {
    startBlock(block, entry);
    if (!bounds.isChange(block, ops) || literalsLength != bounds.literalLength(block, ops)) {
      throw new IllegalArgumentException(
          literalsLength + " literal bytes for block " + block + ", or runs that change nothing");
    }
    PageRuns.encode(ops, PageRuns.NO_COPIES, bounds.geometry().pages(block), head);
    append(JournalFormat.BLOCK, block, literals, literalsOffset, literalsLength);
  }

  /** A signature entry alone, for the source, which has no image to write. */
  public void block(long block, ByteBuffer entry) throws IOException {
    startBlock(block, entry);
    append(JournalFormat.BLOCK, block);
  }

  private void startBlock(long block, ByteBuffer entry) {
    checkOpen();
    if (!bounds.hasBlocks(block, 1) || entry.remaining() != bounds.entryLength()) {
      throw new IllegalArgumentException(
          "block " + block + " with an entry of " + entry.remaining() + " bytes");
    }
    head.put(JournalFormat.RECORD_HEADER, entry, entry.position(), entry.remaining());
    head.position(JournalFormat.RECORD_HEADER + entry.remaining());
  }

  /** {@code count} blocks from {@code first} on, and their signature entries, become zeros. */
  public void zero(long first, long count) throws IOException {
    checkOpen();
    if (!bounds.hasBlocks(first, count)) {
      throw new IllegalArgumentException("no " + count + " blocks at " + first);
    }
    head.position(JournalFormat.RECORD_HEADER).putLong(count);
    append(JournalFormat.ZERO, first);
  }

  /**
   * A node of the hash tree.
   *
   * @param level at least 1; level 0 are the block hashes
   * @param node 32 bytes from position to limit; left as they are
   */
  public void node(int level, long index, ByteBuffer node) throws IOException {
    checkOpen();
    if (!bounds.hasNode(level, index) || node.remaining() != TreeShape.NODE) {
      throw new IllegalArgumentException(
          "node " + index + " of level " + level + " with " + node.remaining() + " bytes");
    }
    head.position(JournalFormat.RECORD_HEADER).put((byte) level);
    head.put(head.position(), node, node.position(), TreeShape.NODE);
    head.position(head.position() + TreeShape.NODE);
    append(JournalFormat.NODE, index);
  }

  /** Bytes of the journal so far, as they will be on disk. */
  public long bytes() {
    return file.bytes();
  }

  /**
   * Makes the epoch committed: when this returns, recovery brings the image to it whatever happens.
   * When it throws, recovery decides from what reached the disk.
   *
   * @param root of the epoch
   */
  public void commit(RootHash root) throws IOException {
    checkOpen();
    CommitRecord commit = new CommitRecord(bytes(), records, epoch, root, recordsCrc.value());
    Storage storage = file.finish();
    storage.sync();
    directory.sync();
    ByteBuffer slots = LittleEndian.direct(JournalFormat.SLOTS_END - JournalFormat.SLOT_A);
    commit.encode(slots, 0);
    commit.encode(slots, BlockSize.SECTOR);
    storage.write(JournalFormat.SLOT_A, slots.rewind());
    storage.sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void checkOpen() {
    if (!file.isOpen()) {
      throw new IllegalStateException("the journal is committed, closed or failed");
    }
  }

  private void append(byte type, long position) throws IOException {
    append(type, position, head, 0, 0);
  }

  /**
   * Appends the record whose payload is in {@code head} up to its position, and then these
   * literals.
   */
  private void append(byte type, long position, ByteBuffer literals, int from, int length)
      throws IOException {
    int end = head.position();
    head.putInt(0, type).putInt(4, end - JournalFormat.RECORD_HEADER + length).putLong(8, position);
    crc.reset().add(head, 0, JournalFormat.RECORD_CRC).add(head, JournalFormat.RECORD_HEADER, end);
    crc.add(literals, from, from + length);
    head.putInt(JournalFormat.RECORD_CRC, crc.value());
    recordsCrc.add(head, JournalFormat.RECORD_CRC, JournalFormat.RECORD_HEADER);
    file.put(head, 0, end);
    file.put(literals, from, length);
    records++;
  }
}
