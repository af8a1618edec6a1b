package snapferry.wire;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.SnapshotTime;
import snapferry.codec.UuidBytes;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * What the target holds before the run, after recovery:
 *
 * <pre>
 *  presence u8 | kind u8 | flags u8 | hash u8 | sector size u32 | capacity u64 | size u64
 *  | block size u32 | zero u32
 *  | epoch u64 | time i64 | volume UUID (16) | standby UUID (16) | key (16) | root (32)
 *  | wishes (8) | zero (24)
 * </pre>
 *
 * @param presence what is known of the content
 * @param device whether the image is a device of fixed size (true) or a file, which can be resized
 * @param sectorSize bytes of a logical sector, a power of two from 512 to 65,536
 * @param capacity bytes that the image can hold without growing
 * @param damaged whether its manifest or journal is damaged, or the image is shorter than they say,
 *     so that it may be between two epochs; it is BARE then
 * @param wishes of the operator, if that is who sits at the receiver
 * @param lineage where the content comes from; null exactly for ABSENT and BARE
 */
public record State(
    Presence presence,
    boolean device,
    boolean damaged,
    int sectorSize,
    long capacity,
    Wishes wishes,
    @Nullable Lineage lineage)
    implements Message {
  static final int LENGTH = 160;

  private static final int FILE = 0;
  private static final int DEVICE = 1;
  private static final int MAX_SECTOR = 64 << 10;
  private static final int SIGNATURE_PRESENT = 1;
  private static final int DAMAGED = 2;
  private static final int BEFORE_LINEAGE = 16;
  private static final int RESERVED = 24;
  private static final int WISHES_AT = LENGTH - RESERVED - Wishes.LENGTH;

  /**
   * Which epoch of which volume an image holds.
   *
   * @param volume the volume
   * @param standby this copy of it
   * @param epoch number of the epoch; 0 while the first seed is not complete
   * @param root names the content; {@link RootHash#NONE} while the first seed is not complete
   * @param shape geometry, hash and key
   * @param time when the epoch was on the source, in milliseconds since 1970, to the end of the
   *     year 9999
   * @param signaturePresent whether the receiver has stored the signature of this very epoch
   */
  public record Lineage(
      UUID volume,
      UUID standby,
      long epoch,
      RootHash root,
      SignatureShape shape,
      long time,
      boolean signaturePresent) {
    public Lineage {
      Fields.requireCount("epoch", epoch);
      SnapshotTime.require(time);
    }

    private boolean isComplete() {
      return epoch > 0 && !root.equals(RootHash.NONE);
    }

    private boolean isEmpty() {
      return epoch == 0 && root.equals(RootHash.NONE) && !signaturePresent;
    }
  }

  public State {
    if (sectorSize < BlockSize.SECTOR
        || sectorSize > MAX_SECTOR
        || Integer.bitCount(sectorSize) != 1) {
      throw new IllegalArgumentException("sector size " + Integer.toUnsignedString(sectorSize));
    }
    if (capacity < 0 || capacity > Geometry.MAX_SIZE) {
      throw new IllegalArgumentException("capacity " + Long.toUnsignedString(capacity));
    }
    boolean fits =
        switch (presence) {
          case ABSENT, BARE -> lineage == null;
          case SEEDING -> lineage != null && lineage.isEmpty();
          case STANDING -> lineage != null && lineage.isComplete();
        };
    if (!fits) {
      throw new IllegalArgumentException("a lineage that does not go with " + presence);
    }
    if (damaged && presence != Presence.BARE) {
      throw new IllegalArgumentException("damage that does not go with " + presence);
    }
  }

  static State read(ByteBuffer in) throws FormatException {
    Presence presence = Fields.oneOf(Presence.values(), Presence::code, Fields.u8(in));
    int kind = Fields.u8(in);
    if (kind != FILE && kind != DEVICE) {
      throw new FormatException("unknown kind of image " + kind);
    }
    int flags = Fields.flags(in, SIGNATURE_PRESENT | DAMAGED);
    int hash = Fields.u8(in);
    int sectorSize = in.getInt();
    long capacity = in.getLong();
    Lineage lineage = null;
    if (presence == Presence.SEEDING || presence == Presence.STANDING) {
      lineage = readLineage(in, HashKind.of(hash), (flags & SIGNATURE_PRESENT) != 0);
    } else if ((flags & SIGNATURE_PRESENT) != 0 || hash != 0) {
      throw new FormatException(presence + " with a signature or a hash");
    }
    Fields.zeros(in, WISHES_AT - in.position());
    Wishes wishes = Wishes.read(in);
    Fields.zeros(in, RESERVED);
    return new State(
        presence, kind == DEVICE, (flags & DAMAGED) != 0, sectorSize, capacity, wishes, lineage);
  }

  private static Lineage readLineage(ByteBuffer in, HashKind hash, boolean signaturePresent)
      throws FormatException {
    Geometry geometry = new Geometry(in.getLong(), new BlockSize(in.getInt()));
    Fields.zeros(in, Integer.BYTES);
    long epoch = in.getLong();
    long time = in.getLong();
    UUID volume = UuidBytes.read(in);
    UUID standby = UuidBytes.read(in);
    SignatureShape.Key key = SignatureShape.Key.read(in);
    RootHash root = RootHash.read(in);
    SignatureShape shape = new SignatureShape(geometry, hash, key);
    return new Lineage(volume, standby, epoch, root, shape, time, signaturePresent);
  }

  @Override
  public void write(ByteBuffer out) {
    out.put((byte) presence.code());
    out.put((byte) (device ? DEVICE : FILE));
    boolean signaturePresent = lineage != null && lineage.signaturePresent();
    out.put((byte) ((signaturePresent ? SIGNATURE_PRESENT : 0) | (damaged ? DAMAGED : 0)));
    out.put((byte) (lineage != null ? lineage.shape().hash().code() : 0));
    out.putInt(sectorSize);
    out.putLong(capacity);
    if (lineage == null) {
      out.put(new byte[WISHES_AT - BEFORE_LINEAGE]);
    } else {
      Geometry geometry = lineage.shape().geometry();
      out.putLong(geometry.size()).putInt(geometry.blockSize().bytes()).putInt(0);
      out.putLong(lineage.epoch()).putLong(lineage.time());
      UuidBytes.write(lineage.volume(), out);
      UuidBytes.write(lineage.standby(), out);
      lineage.shape().key().write(out);
      lineage.root().write(out);
    }
    wishes.write(out);
    out.put(new byte[RESERVED]);
  }

  @Override
  public FrameType type() {
    return FrameType.STATE;
  }
}
