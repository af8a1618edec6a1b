package snapferry.journal;

import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.SnapshotTime;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.device.StateDirectory;

/**
 * Which epoch of which volume an image holds. A value; what is durable changes only by {@link
 * #store}.
 *
 * @param state whether the image is an epoch yet
 * @param label what people call the volume: 1 to 128 of {@code [A-Za-z0-9._-]}
 * @param volume the lineage
 * @param standby this image, of all that hold the lineage
 * @param epoch 0 while seeding, at least 1 after it
 * @param root names the content of the epoch; {@link RootHash#NONE} while seeding and only then
 * @param shape size, block size, hash and key of the volume
 * @param time when the source took the snapshot, in whole milliseconds; see {@link SnapshotTime}
 * @param signaturePresent whether the file {@code signature} belongs to this epoch
 */
public record Manifest(
    ImageState state,
    String label,
    UUID volume,
    UUID standby,
    long epoch,
    RootHash root,
    SignatureShape shape,
    Instant time,
    boolean signaturePresent) {
  /** No manifest is longer, in bytes. */
  public static final int MAX_LENGTH = 4096;

  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  public Manifest {
    require(LABEL.matcher(label).matches(), "label must be 1 to 128 of [A-Za-z0-9._-]");
    require(epoch >= 0, "epoch must not be negative");
    require(
        (state == ImageState.SEEDING) == (epoch == 0), "epoch must be 0 while seeding, else not");
    require(
        (state == ImageState.SEEDING) == root.equals(RootHash.NONE),
        "root must be zero while seeding, else not");
    require(
        !time.isBefore(Instant.EPOCH)
            && !time.isAfter(Instant.ofEpochMilli(SnapshotTime.MAX))
            && time.equals(Instant.ofEpochMilli(time.toEpochMilli())),
        "time must be whole milliseconds of the years 1970 to 9999");
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** An image into which a first copy is about to be written. */
  public static Manifest seeding(
      String label, UUID volume, UUID standby, SignatureShape shape, Instant time) {
    return new Manifest(
        ImageState.SEEDING, label, volume, standby, 0, RootHash.NONE, shape, time, false);
  }

  /** The same image, now holding {@code epoch}. */
  public Manifest standing(long epoch, RootHash root, SignatureShape shape, Instant time) {
    return new Manifest(
        ImageState.STANDING, label, volume, standby, epoch, root, shape, time, signaturePresent);
  }

  /**
   * The same image, taken into use with what it holds. It is about to change without us, so no
   * signature belongs to it any more.
   */
  public Manifest promoted() {
    return new Manifest(
        ImageState.PROMOTED, label, volume, standby, epoch, root, shape, time, false);
  }

  /** The same, with a signature that belongs to this epoch, or without. */
  public Manifest withSignature(boolean present) {
    return new Manifest(state, label, volume, standby, epoch, root, shape, time, present);
  }

  /** The text of {@code journal.md}. */
  public byte[] encode() {
    return ManifestText.encode(this);
  }

  /**
   * Reads what {@link #encode} wrote, and nothing else.
   *
   * @throws FormatException if the bytes are not exactly those of a manifest of this version
   */
  public static Manifest decode(byte[] bytes) throws FormatException {
    return ManifestText.decode(bytes);
  }

  /**
   * The manifest of {@code directory}, or null when there is none.
   *
   * @throws FormatException if there is one and it is damaged; nothing is guessed
   */
  public static @Nullable Manifest load(StateDirectory directory) throws IOException {
    byte[] bytes = directory.load(StateFiles.MANIFEST, MAX_LENGTH);
    return bytes == null ? null : decode(bytes);
  }

  /** Makes this the manifest of {@code directory}, atomically; durable when this returns. */
  public void store(StateDirectory directory) throws IOException {
    directory.replace(StateFiles.MANIFEST, encode());
  }
}
