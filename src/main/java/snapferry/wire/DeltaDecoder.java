package snapferry.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.codec.Lz4;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.delta.Zeros;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * Reads DELTA frames block by block; the layout is at {@link DeltaFrame}. Built once and reused:
 * {@code reset}, then {@code next} until it is false. Everything it returns is within the geometry.
 * Not safe for use by several threads.
 */
public final class DeltaDecoder {
  private final Geometry geometry;
  private final HashKind hash;
  private final int minEntry;
  private final byte[] ops;
  private final long[] sources;
  private final ByteBuffer decompressed = LittleEndian.direct(DeltaFrame.MAX_LITERALS);

  private ByteBuffer entries = ByteBuffer.allocate(0);
  private ByteBuffer literals = decompressed;
  private int blocksLeft;
  private int literalsLeft;
  private boolean atFirst;
  private long block;
  private int pages;
  private int hashAt;
  private int literalsAt;
  private int literalsLength;
  private int copiedLength;

  /**
   * A decoder at the end of nothing.
   *
   * @param copies whether pages may be copied, see {@link Plan#allowsCopies}
   */
  public DeltaDecoder(Geometry geometry, HashKind hash, boolean copies) {
    this.geometry = geometry;
    this.hash = hash;
    minEntry = Short.BYTES + hash.length() + 1;
    ops = new byte[geometry.blockSize().pages()];
    sources = copies ? new long[ops.length] : PageRuns.NO_COPIES;
  }

  /**
   * Begins with another frame.
   *
   * @param payload of a DELTA frame, from its position to its limit; must stay as it is until the
   *     frame is read
   * @throws FormatException if the frame is not one that an encoder writes
   * @throws snapferry.failure.Failure INTEGRITY if the literal bytes do not decompress
   */
  public void reset(ByteBuffer payload) throws IOException {
    FrameType.DELTA.requireLength(payload.remaining());
    blocksLeft = 0;
    entries = LittleEndian.duplicate(payload);
    long first = entries.getLong();
    int blocks = Fields.u16(entries);
    int encoding = Fields.u8(entries);
    Fields.zeros(entries, 1);
    long literalLength = Integer.toUnsignedLong(entries.getInt());
    long storedLength = Integer.toUnsignedLong(entries.getInt());
    if (blocks < 1 || blocks > DeltaFrame.MAX_BLOCKS) {
      throw new FormatException("DELTA frame of " + blocks + " blocks");
    }
    if (literalLength > DeltaFrame.MAX_LITERALS) {
      throw new FormatException("DELTA frame with " + literalLength + " literal bytes");
    }
    if (storedLength > entries.remaining() - (long) blocks * minEntry) {
      throw new FormatException("DELTA frame with " + storedLength + " stored bytes");
    }
    if (first < 0 || first >= geometry.blocks()) {
      throw new FormatException("DELTA frame from block " + Long.toUnsignedString(first) + " on");
    }
    entries.limit(entries.limit() - (int) storedLength);
    unpack(payload, encoding, (int) storedLength, (int) literalLength);
    literalsLength = 0;
    literalsLeft = (int) literalLength;
    blocksLeft = blocks;
    block = first - 1;
    atFirst = true;
  }

  private void unpack(ByteBuffer payload, int encoding, int storedLength, int literalLength)
      throws IOException {
    if (encoding == DeltaFrame.RAW && storedLength == literalLength) {
      literals = payload;
      literalsAt = entries.limit();
    } else if (encoding == DeltaFrame.LZ4 && storedLength < literalLength) {
      Lz4.decompress(payload, entries.limit(), storedLength, decompressed, 0, literalLength);
      literals = decompressed;
      literalsAt = 0;
    } else {
      throw new FormatException(
          "DELTA frame with encoding "
              + encoding
              + ", "
              + literalLength
              + " literal bytes stored in "
              + storedLength);
    }
  }

  /**
   * Goes on to the next block.
   *
   * @return false if there is none
   * @throws FormatException if it is not one that an encoder writes, or if it is the last and
   *     something is left over
   */
  public boolean next() throws FormatException {
    if (blocksLeft == 0) {
      return false;
    }
    blocksLeft--;
    readBlock();
    pages = geometry.pages(block);
    PageRuns.decode(entries, ops, sources, pages);
    copiedLength = DeltaFrame.bytes(PageRuns.COPY, geometry, block, ops);
    checkCopies();
    literalsAt += literalsLength;
    literalsLength = DeltaFrame.bytes(PageRuns.LITERAL, geometry, block, ops);
    literalsLeft -= literalsLength;
    boolean usedUp = !entries.hasRemaining() && literalsLeft == 0;
    if (literalsLeft < 0 || (blocksLeft == 0 && !usedUp)) {
      throw new FormatException(
          "DELTA frame whose literal bytes or entries are not used up exactly");
    }
    return true;
  }

  /** What is copied lies within the basis, which is as large as the volume, and elsewhere. */
  private void checkCopies() throws FormatException {
    for (int page = 0; page < pages; page++) {
      long length = geometry.pageLength(block, page);
      long own = geometry.offset(block) + (long) page * BlockSize.PAGE;
      if (ops[page] == PageRuns.COPY
          && (sources[page] > geometry.size() - length || sources[page] == own)) {
        throw new FormatException("Copy of offset " + sources[page] + " to " + own);
      }
    }
  }

  private void readBlock() throws FormatException {
    if (entries.remaining() < minEntry) {
      throw new FormatException("DELTA frame that ends inside an entry");
    }
    int gap = Fields.u16(entries);
    block += 1 + gap;
    if (block >= geometry.blocks() || (atFirst && gap != 0)) {
      throw new FormatException("DELTA frame with a gap of " + gap + " to block " + block);
    }
    atFirst = false;
    hashAt = entries.position();
    if (Zeros.isZero(entries, hashAt, hash.length())) {
      throw new FormatException("DELTA frame with a zero hash for block " + block);
    }
    entries.position(hashAt + hash.length());
  }

  /** Number of the current block. */
  public long block() {
    return block;
  }

  /** Pages of the current block. */
  public int pages() {
    return pages;
  }

  /**
   * What becomes of each page of the current block, see {@link PageRuns}; one array for all blocks.
   */
  public byte[] ops() {
    return ops;
  }

  /** Where in the basis each page of the current block is that is a Copy. */
  public long[] sources() {
    return sources;
  }

  /** Holds the new hash of the current block, at {@link #hashAt}. */
  public ByteBuffer hash() {
    return entries;
  }

  /** Where the new hash of the current block is in {@link #hash}. */
  public int hashAt() {
    return hashAt;
  }

  /**
   * Holds the bytes of the current block's literal pages, one after another, at {@link
   * #literalsAt}.
   */
  public ByteBuffer literals() {
    return literals;
  }

  /** Where the literal bytes of the current block are in {@link #literals}. */
  public int literalsAt() {
    return literalsAt;
  }

  /** Number of bytes of the current block that are copied. */
  public int copiedLength() {
    return copiedLength;
  }

  /** Number of literal bytes of the current block. */
  public int literalsLength() {
    return literalsLength;
  }
}
