package snapferry.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.delta.HashKind;
import snapferry.extent.BlockSize;

/**
 * What the operator asked for. When the operator sits at the receiver, they travel in STATE:
 *
 * <pre>
 *  flags u8 (bit 0 init, bit 1 grow, bit 2 full, bit 3 rejoin) | hash u8 | zero (2) | block size u32
 * </pre>
 *
 * @param init adopt a target whose lineage is unknown
 * @param grow make a target file longer when the source grew
 * @param full ignore signatures that are on record: both ends read everything
 * @param rejoin go on with a standby that is at another epoch than it last acknowledged
 * @param hash null (0 on the wire): as the image has it, or the default
 * @param blockSize null (0 on the wire): as the image has it, or the default
 */
public record Wishes(
    boolean init,
    boolean grow,
    boolean full,
    boolean rejoin,
    @Nullable HashKind hash,
    @Nullable BlockSize blockSize) {
  /** Nothing special. */
  public static final Wishes NONE = new Wishes(false, false, false, false, null, null);

  static final int LENGTH = 8;

  private static final int INIT = 1;
  private static final int GROW = 2;
  private static final int FULL = 4;
  private static final int REJOIN = 8;

  static Wishes read(ByteBuffer in) throws FormatException {
    int flags = Fields.flags(in, INIT | GROW | FULL | REJOIN);
    int hash = Fields.u8(in);
    Fields.zeros(in, 2);
    int blockSize = in.getInt();
    return new Wishes(
        (flags & INIT) != 0,
        (flags & GROW) != 0,
        (flags & FULL) != 0,
        (flags & REJOIN) != 0,
        hash == 0 ? null : HashKind.of(hash),
        blockSize == 0 ? null : new BlockSize(blockSize));
  }

  void write(ByteBuffer out) {
    out.put(
        (byte) ((init ? INIT : 0) | (grow ? GROW : 0) | (full ? FULL : 0) | (rejoin ? REJOIN : 0)));
    out.put((byte) (hash == null ? 0 : hash.code()));
    out.putShort((short) 0);
    out.putInt(blockSize == null ? 0 : blockSize.bytes());
  }
}
