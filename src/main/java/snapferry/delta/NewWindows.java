package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;

/**
 * Windows of 4096 bytes over {@link NewPages}, at any position, also such that begin before the
 * stretch or end behind it: their other part is read. So an edge of a stretch costs no literals.
 * One thread.
 */
public final class NewWindows {
  private static final int PAGE = BlockSize.PAGE;

  private final long size;
  private final PageSigner signer;
  private final Surroundings surroundings;
  private final ByteBuffer edge = LittleEndian.direct(PAGE);
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private long offset;
  private int length;

  /** What lies around a stretch of the new volume. */
  public interface Surroundings {
    /** Fills what is left of {@code into} with the bytes from {@code offset} on. */
    void read(long offset, ByteBuffer into) throws IOException;
  }

  NewWindows(SignatureShape shape, PageSigner signer, Surroundings surroundings) {
    this.size = shape.geometry().size();
    this.signer = signer;
    this.surroundings = surroundings;
  }

  /** The windows from now on are over these pages. */
  void over(NewPages pages) {
    bytes = pages.bytes();
    offset = pages.offset();
    length = pages.length();
  }

  /** Whether the volume has all bytes of the window at {@code position}. */
  boolean exists(int position) {
    return offset + position >= 0 && offset + position <= size - PAGE;
  }

  /** The strong sum of the window at {@code position}, which overlaps the stretch. */
  long strong(int position) throws IOException {
    if (position >= 0 && position <= length - PAGE) {
      return signer.strong(bytes, position, PAGE);
    }
    int from = Math.max(0, position);
    int to = Math.min(length, position + PAGE);
    edge.clear().put(from - position, bytes, from, to - from);
    if (position < 0) {
      surroundings.read(offset + position, edge.limit(-position));
    }
    if (position > length - PAGE) {
      surroundings.read(offset + length, edge.limit(PAGE).position(length - position));
    }
    return signer.strong(edge.clear(), 0, PAGE);
  }
}
