package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.codec.Crc32c;
import snapferry.codec.LittleEndian;
import snapferry.codec.Lz4;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * Collects changed blocks and writes them as one DELTA frame; the layout is at {@link DeltaFrame}.
 * Built once and reused: {@code begin}, {@code add} while it {@code fits}, {@code finish}. Its
 * buffers are made when the first block is added, because most chunks of most runs have no change.
 * Not safe for use by several threads.
 */
public final class DeltaEncoder {
  /**
   * What the limit of a payload leaves for the blocks' entries beside all the literal bytes there
   * can be.
   */
  private static final int MAX_ENTRIES =
      FrameType.DELTA.maxPayload() - DeltaFrame.FIXED - DeltaFrame.MAX_LITERALS;

  private static final int ENCODING_AT = FrameHeader.LENGTH + 10;
  private static final int STORED_LENGTH_AT = FrameHeader.LENGTH + 16;

  private final Geometry geometry;
  private final HashKind hash;
  private final boolean compress;
  private final Crc32c crc = new Crc32c();
  private ByteBuffer entries = LittleEndian.direct(0);
  private ByteBuffer literals = LittleEndian.direct(0);
  private long first;
  private long last;
  private int blocks;
  private long copied;

  /**
   * An encoder with nothing in it.
   *
   * @param compress whether to try LZ4 on the literal bytes
   */
  public DeltaEncoder(Geometry geometry, HashKind hash, boolean compress) {
    this.geometry = geometry;
    this.hash = hash;
    this.compress = compress;
  }

  /** Forgets all blocks. */
  public void begin() {
    entries.clear();
    literals.clear();
    blocks = 0;
    copied = 0;
  }

  /** Whether no block was added. */
  public boolean isEmpty() {
    return blocks == 0;
  }

  /** Blocks that were added. */
  public int blocks() {
    return blocks;
  }

  /** Literal bytes that were added, before compression. */
  public long literalBytes() {
    return literals.position();
  }

  /** Bytes of copied pages that were added. */
  public long copiedBytes() {
    return copied;
  }

  /**
   * Whether {@code block} can be added to those that are there. The first block always can; later
   * ones must come after the last.
   *
   * @param literalBytes bytes of its literal pages, see {@link DeltaFrame#bytes}
   */
  public boolean fits(long block, int literalBytes) {
    if (isEmpty()) {
      return true;
    }
    long gap = block - last - 1;
    return blocks < DeltaFrame.MAX_BLOCKS
        && gap >= 0
        && gap <= DeltaFrame.MAX_GAP
        && literalBytes <= literals.remaining()
        && Short.BYTES + hash.length() + PageRuns.maxLength(geometry.pages(block))
            <= entries.remaining();
  }

  /**
   * Adds a block that fits.
   *
   * @param hash holds the block's new hash at {@code hashAt}; not all zeros (such a block travels
   *     in ZERO)
   * @param ops what becomes of each page, see {@link PageRuns}; not all Same
   * @param sources where in the basis each page is that is a Copy
   * @param bytes holds the block's bytes from {@code offset} on, of which the literal pages are
   *     taken
   */
  public void add(
      long block,
      ByteBuffer hash,
      int hashAt,
      byte[] ops,
      long[] sources,
      ByteBuffer bytes,
      int offset) {
    if (!fits(block, DeltaFrame.bytes(PageRuns.LITERAL, geometry, block, ops))) {
      throw new IllegalStateException("block " + block + " does not fit after " + last);
    }
    makeBuffers();
    int gap = isEmpty() ? 0 : (int) (block - last - 1);
    if (isEmpty()) {
      first = block;
    }
    last = block;
    blocks++;
    int pages = geometry.pages(block);
    entries.putShort((short) gap);
    entries.put(entries.position(), hash, hashAt, this.hash.length());
    entries.position(entries.position() + this.hash.length());
    PageRuns.encode(ops, sources, pages, entries);
    for (int page = 0; page < pages; page++) {
      int length = geometry.pageLength(block, page);
      if (ops[page] == PageRuns.LITERAL) {
        int at = literals.position();
        literals.put(at, bytes, offset + page * BlockSize.PAGE, length);
        literals.position(at + length);
      } else if (ops[page] == PageRuns.COPY) {
        copied += length;
      }
    }
  }

  /**
   * Adds all the blocks of {@code other}, which come after those that are here; it stays as it is.
   *
   * @return false, and nothing is added, if they do not fit
   */
  public boolean append(DeltaEncoder other) {
    makeBuffers();
    if (isEmpty()) {
      first = other.first;
    } else {
      long gap = other.first - last - 1;
      boolean fits =
          gap >= 0
              && gap <= DeltaFrame.MAX_GAP
              && blocks + other.blocks <= DeltaFrame.MAX_BLOCKS
              && other.literals.position() <= literals.remaining()
              && other.entries.position() <= entries.remaining();
      if (!fits) {
        return false;
      }
      // The gap of a first block is none; now it has one before it.
      other.entries.putShort(0, (short) gap);
    }
    last = other.last;
    blocks += other.blocks;
    copied += other.copied;
    append(other.entries, entries);
    append(other.literals, literals);
    return true;
  }

  private void makeBuffers() {
    if (literals.capacity() == 0) {
      entries = LittleEndian.direct(MAX_ENTRIES);
      literals = LittleEndian.direct(DeltaFrame.MAX_LITERALS);
    }
  }

  private static void append(ByteBuffer from, ByteBuffer to) {
    int length = from.position();
    to.put(to.position(), from, 0, length).position(to.position() + length);
  }

  /**
   * Bytes that {@link #finish} needs room for: more than any frame has, since LZ4 wants some to
   * work in.
   */
  public static int maxFrameLength() {
    return FrameHeader.LENGTH
        + DeltaFrame.FIXED
        + MAX_ENTRIES
        + Lz4.maxCompressedLength(DeltaFrame.MAX_LITERALS);
  }

  /**
   * Appends the blocks to {@code out} as a complete frame. After that, {@link #begin} the next.
   *
   * @throws IllegalStateException if no block was added
   */
  public void finish(ByteBuffer out) {
    if (isEmpty()) {
      throw new IllegalStateException("a DELTA frame without blocks");
    }
    int start = out.position();
    ByteBuffer frame = LittleEndian.duplicate(out);
    frame.position(start + FrameHeader.LENGTH);
    frame.putLong(first).putShort((short) blocks);
    frame.putShort((short) 0); // the encoding, once it is known, and a zero
    frame.putInt(literals.position());
    frame.putInt(0); // the stored length, once it is known
    frame.put(entries.flip());
    store(frame, start);
    FrameHeader.seal(FrameType.DELTA, frame, start, crc);
    out.position(frame.position());
  }

  private void store(ByteBuffer frame, int start) {
    int length = literals.position();
    int at = frame.position();
    int stored = length;
    if (compress && length > 0) {
      stored = Math.min(length, Lz4.compress(literals, 0, length, frame, at));
    }
    if (stored < length) {
      frame.put(start + ENCODING_AT, DeltaFrame.LZ4);
    } else {
      frame.put(at, literals, 0, length);
    }
    frame.putInt(start + STORED_LENGTH_AT, stored);
    frame.position(at + stored);
  }
}
