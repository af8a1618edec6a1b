package snapferry.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** Memory outside the heap that native calls and Java share. It stays where it is. */
public final class PageBuffer {
  private static final int PAGE = 4096;

  private final ByteBuffer bytes;
  private final long address;

  /**
   * @param length in bytes, all zero and really there: nothing is left to be allocated when they
   *     are first used
   * @param lead begins that many bytes before a page
   */
  public PageBuffer(int length, int lead) {
    int skipped = Math.floorMod(-lead, PAGE);
    ByteBuffer whole = ByteBuffer.allocateDirect(skipped + length + 2 * PAGE).alignedSlice(PAGE);
    for (int at = 0; at < whole.capacity(); at += PAGE) {
      whole.put(at, (byte) 0);
    }
    bytes = whole.slice(skipped, length).order(ByteOrder.LITTLE_ENDIAN);
    address = Pointer.wrap(Runtime.getSystemRuntime(), bytes).address();
  }

  /** All of it. */
  public ByteBuffer bytes() {
    return bytes;
  }

  long address() {
    return address;
  }
}
