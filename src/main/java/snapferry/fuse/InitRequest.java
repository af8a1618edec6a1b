package snapferry.fuse;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of itself in INIT, the first request of a mount.
 *
 * @param major of the protocol's version
 * @param minor of the protocol's version
 * @param readAhead most bytes that it reads ahead
 * @param flags what it can do
 */
record InitRequest(int major, int minor, int readAhead, long flags) {
  /** Reads it; null if this is no INIT that any kernel would send. */
  static @Nullable InitRequest of(Request request) {
    int size = request.bodySize();
    if (request.opcode() != Opcode.INIT || !request.isWhole() || size < InitLayout.SHORT_SIZE) {
      return null;
    }
    long flags = Integer.toUnsignedLong(request.int32(InitLayout.FLAGS));
    if ((flags & InitLayout.INIT_EXT) != 0 && size >= InitLayout.SIZE) {
      flags |= (long) request.int32(InitLayout.UPPER_FLAGS) << Integer.SIZE;
    }
    return new InitRequest(
        request.int32(InitLayout.MAJOR),
        request.int32(InitLayout.MINOR),
        Math.max(0, request.int32(InitLayout.READ_AHEAD)),
        flags);
  }
}
