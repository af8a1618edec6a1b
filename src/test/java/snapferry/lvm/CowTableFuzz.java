package snapferry.lvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.LittleEndian;

/**
 * Fuzz target: the COW store of a classic snapshot. The input is its header (16 bytes) and what
 * lies from the first area on; all else is zeros. Whatever is read lies within the origin.
 */
@NullMarked
public final class CowTableFuzz {
  private static final long ORIGIN = 64 << 20;
  private static final long SIZE = 3 << 20;
  private static final int HEADER = 16;
  private static final int CHUNK_FIELD = 12;

  private CowTableFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      CowTable.read(
          new Sparse(Arrays.copyOf(input, Math.max(HEADER, input.length))),
          ORIGIN,
          extent -> {
            if (extent.offset() < 0 || extent.offset() >= ORIGIN || extent.length() <= 0) {
              throw new AssertionError("beyond the origin: " + extent);
            }
          });
    } catch (IOException e) {
      // Refused: as it should be.
    }
  }

  private static final class Sparse implements CowTable.Store {
    private final byte[] input;

    Sparse(byte[] input) {
      this.input = input;
    }

    @Override
    public long size() {
      return SIZE;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      if (offset < 0 || offset + into.remaining() > SIZE) {
        throw new AssertionError("read beyond the store, at " + offset);
      }
      long begin = offset == 0 ? 0 : HEADER + offset - chunk();
      long end = offset == 0 ? HEADER : input.length;
      for (long at = begin; into.hasRemaining(); at++) {
        into.put(at < Math.min(end, input.length) ? input[(int) at] : 0);
      }
    }

    private long chunk() {
      return (long) LittleEndian.wrap(input).getInt(CHUNK_FIELD) * CowTable.SECTOR;
    }

    @Override
    public ByteBuffer buffer(int length) {
      return ByteBuffer.allocate(length);
    }
  }
}
