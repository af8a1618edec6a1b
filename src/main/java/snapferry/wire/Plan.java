package snapferry.wire;

import java.nio.ByteBuffer;
import java.util.UUID;
import snapferry.codec.FormatException;
import snapferry.codec.SnapshotTime;
import snapferry.codec.UuidBytes;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * What the sender is about to do:
 *
 * <pre>
 *  purpose u8 | basis u8 | flags u8 | hash u8 | block size u32 | size u64 | epoch u64
 *  | time i64 | basis epoch u64
 *  | volume UUID (16) | standby UUID (16) | key (16) | basis root (32)
 *  | label length u16 | label | change source length u16 | change source
 * </pre>
 *
 * @param purpose what the session is for
 * @param basis what the sender compares its source with
 * @param init whether a target of unknown lineage may be adopted
 * @param grow whether the target may be made larger
 * @param shape geometry, hash and key of the volume as it will be
 * @param epoch number of the epoch that this session makes
 * @param time when the source was like this, in milliseconds since 1970, to the end of the year
 *     9999
 * @param basisEpoch the epoch that the target is expected to hold; 0 if none
 * @param basisRoot the content that the target is expected to hold; {@link RootHash#NONE} if
 *     unknown
 * @param volume the volume
 * @param standby the copy of it that this is, or becomes
 * @param label what people call the volume, a {@link VolumeName}
 * @param changeSource what narrows the reading of the source, a {@link VolumeName}
 */
public record Plan(
    Purpose purpose,
    Basis basis,
    boolean init,
    boolean grow,
    SignatureShape shape,
    long epoch,
    long time,
    long basisEpoch,
    RootHash basisRoot,
    UUID volume,
    UUID standby,
    String label,
    String changeSource)
    implements Message {
  /** Bytes of a payload with empty texts. */
  static final int FIXED = 124;

  private static final int INIT = 1;
  private static final int GROW = 2;

  public Plan {
    Fields.requireCount("epoch", epoch);
    Fields.requireCount("basis epoch", basisEpoch);
    SnapshotTime.require(time);
    if (basis == Basis.CACHED && (basisEpoch == 0 || basisRoot.equals(RootHash.NONE))) {
      throw new IllegalArgumentException("basis CACHED without an epoch or a root");
    }
    if (!VolumeName.isValid(label) || !VolumeName.isValid(changeSource)) {
      throw new IllegalArgumentException("a label or change source that is no name");
    }
  }

  /**
   * Whether pages may be copied within the basis: the image holds an epoch, so that nothing of it
   * is overwritten before everything came.
   */
  public boolean allowsCopies() {
    return basisEpoch > 0;
  }

  /** The same, of a source whose reading {@code name} narrows. */
  public Plan narrowedBy(String name) {
    return new Plan(
        purpose,
        basis,
        init,
        grow,
        shape,
        epoch,
        time,
        basisEpoch,
        basisRoot,
        volume,
        standby,
        label,
        name);
  }

  static Plan read(ByteBuffer in) throws FormatException {
    Purpose purpose = Fields.oneOf(Purpose.values(), Purpose::code, Fields.u8(in));
    Basis basis = Fields.oneOf(Basis.values(), Basis::code, Fields.u8(in));
    int flags = Fields.flags(in, INIT | GROW);
    HashKind hash = HashKind.of(Fields.u8(in));
    BlockSize blockSize = new BlockSize(in.getInt());
    Geometry geometry = new Geometry(in.getLong(), blockSize);
    long epoch = in.getLong();
    long time = in.getLong();
    long basisEpoch = in.getLong();
    UUID volume = UuidBytes.read(in);
    UUID standby = UuidBytes.read(in);
    SignatureShape.Key key = SignatureShape.Key.read(in);
    RootHash basisRoot = RootHash.read(in);
    String label = Fields.text(in);
    String changeSource = Fields.text(in);
    return new Plan(
        purpose,
        basis,
        (flags & INIT) != 0,
        (flags & GROW) != 0,
        new SignatureShape(geometry, hash, key),
        epoch,
        time,
        basisEpoch,
        basisRoot,
        volume,
        standby,
        label,
        changeSource);
  }

  @Override
  public void write(ByteBuffer out) {
    out.put((byte) purpose.code());
    out.put((byte) basis.code());
    out.put((byte) ((init ? INIT : 0) | (grow ? GROW : 0)));
    out.put((byte) shape.hash().code());
    out.putInt(shape.geometry().blockSize().bytes());
    out.putLong(shape.geometry().size());
    out.putLong(epoch).putLong(time).putLong(basisEpoch);
    UuidBytes.write(volume, out);
    UuidBytes.write(standby, out);
    shape.key().write(out);
    basisRoot.write(out);
    Fields.putText(out, label);
    Fields.putText(out, changeSource);
  }

  @Override
  public FrameType type() {
    return FrameType.PLAN;
  }
}
