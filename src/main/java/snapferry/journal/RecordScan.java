package snapferry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.delta.PageRuns;

/**
 * Goes through the records of a committed journal, one at a time, and checks each before it shows
 * it: its CRC, its bounds; and at the end that they were all that the commit record counts.
 */
final class RecordScan {
  private final RecordWindow window;
  private final JournalBounds bounds;
  private final CommitRecord commit;
  private final byte[] ops;
  private final Crc32c crc = new Crc32c();
  private final Crc32c recordsCrc = new Crc32c();

  private long records;

  private byte type;
  private long position;
  private int payload;
  private int payloadEnd;
  private int literals;

  RecordScan(RecordWindow window, JournalBounds bounds, CommitRecord commit) {
    this.window = window;
    this.bounds = bounds;
    this.commit = commit;
    this.ops = new byte[bounds.geometry().blockSize().pages()];
    window.rewind();
  }

  /**
   * Goes to the next record; false when there is none and the commit record agrees.
   *
   * @throws FormatException if a record is damaged, or is one that no writer writes
   */
  boolean next() throws IOException {
    if (window.atEnd()) {
      if (records != commit.records() || recordsCrc.value() != commit.recordsCrc()) {
        throw new FormatException("journal records are not those that the commit record counts");
      }
      return false;
    }
    long offset = window.offset();
    try {
      read();
    } catch (FormatException e) {
      throw new FormatException("journal record at offset " + offset + ": " + e.getMessage());
    }
    records++;
    return true;
  }

  private void read() throws IOException {
    ByteBuffer buffer = window.buffer();
    int start = window.require(JournalFormat.RECORD_HEADER);
    check((buffer.getInt(start) & 0xffff_ff00) == 0, "reserved bytes are not zero");
    type = buffer.get(start);
    int length = buffer.getInt(start + 4);
    position = buffer.getLong(start + 8);
    check(length >= 0 && length <= maxPayload(), "a type or a length that no record has");

    start = window.require(JournalFormat.RECORD_HEADER + length);
    payload = start + JournalFormat.RECORD_HEADER;
    payloadEnd = payload + length;
    int crcAt = start + JournalFormat.RECORD_CRC;
    crc.reset().add(buffer, start, crcAt).add(buffer, payload, payloadEnd);
    check(buffer.getInt(crcAt) == crc.value(), "its CRC does not match");
    recordsCrc.add(buffer, crcAt, payload);
    window.skip(JournalFormat.RECORD_HEADER + length);
    checkContent(length);
  }

  private int maxPayload() {
    return switch (type) {
      case JournalFormat.BLOCK -> bounds.maxRecord() - JournalFormat.RECORD_HEADER;
      case JournalFormat.ZERO -> JournalFormat.ZERO_PAYLOAD;
      case JournalFormat.NODE -> JournalFormat.NODE_PAYLOAD;
      default -> -1;
    };
  }

  private void checkContent(int length) throws FormatException {
    switch (type) {
      case JournalFormat.BLOCK -> checkBlock(length);
      case JournalFormat.ZERO -> {
        check(length == JournalFormat.ZERO_PAYLOAD, "a length that its type does not have");
        check(bounds.hasBlocks(position, count()), "blocks beyond the end of the volume");
      }
      default -> {
        check(length == JournalFormat.NODE_PAYLOAD, "a length that its type does not have");
        check(bounds.hasNode(level(), position), "a node that the tree does not have");
      }
    }
  }

  private void checkBlock(int length) throws FormatException {
    check(bounds.hasBlocks(position, 1), "a block beyond the end of the volume");
    check(length >= bounds.entryLength(), "a length that its type does not have");
    literals = payloadEnd;
    if (hasRuns()) {
      ByteBuffer runs = slice(payload + bounds.entryLength(), payloadEnd);
      PageRuns.decode(runs, ops, PageRuns.NO_COPIES, bounds.geometry().pages(position));
      literals = runs.position();
      check(
          payloadEnd - literals == bounds.literalLength(position, ops),
          "literal bytes that do not fit the page runs");
    }
  }

  private static void check(boolean condition, String otherwise) throws FormatException {
    if (!condition) {
      throw new FormatException(otherwise);
    }
  }

  /** One of {@link JournalFormat#BLOCK}, {@link JournalFormat#ZERO}, {@link JournalFormat#NODE}. */
  byte type() {
    return type;
  }

  /** The block, the first block, or the index of the node in its level. */
  long position() {
    return position;
  }

  /** The signature entry of a BLOCK. */
  ByteBuffer entry() {
    return slice(payload, payload + bounds.entryLength());
  }

  /** Whether a BLOCK says what becomes of the image; on the source it does not. */
  boolean hasRuns() {
    return payloadEnd - payload > bounds.entryLength();
  }

  /** What becomes of each page of a BLOCK that has runs. */
  byte[] ops() {
    return ops;
  }

  /** {@code length} bytes of the Literal pages of a BLOCK, {@code from} counted from the first. */
  ByteBuffer literals(int from, int length) {
    return slice(literals + from, literals + from + length);
  }

  /** The number of blocks of a ZERO. */
  long count() {
    return window.buffer().getLong(payload);
  }

  /** The level of a NODE. */
  int level() {
    return window.buffer().get(payload) & 0xff;
  }

  /** The 32 bytes of a NODE. */
  ByteBuffer node() {
    return slice(payload + 1, payloadEnd);
  }

  private ByteBuffer slice(int from, int to) {
    return window.buffer().clear().limit(to).position(from);
  }
}
