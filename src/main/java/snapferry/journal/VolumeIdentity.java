package snapferry.journal;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.SealedText;
import snapferry.delta.SignatureShape;
import snapferry.device.StateDirectory;

/**
 * Who a source volume is, made once and remembered beside what its standbys acknowledged:
 *
 * <pre>
 *  snapferry-volume: 1
 *  volume: UUID
 *  key: 32 hex digits, k0 then k1, most significant digit first
 *  crc32c: 8 hex digits, of all bytes before this line
 * </pre>
 *
 * @param volume names its lineage
 * @param key seeds its fast hashes
 */
public record VolumeIdentity(UUID volume, SignatureShape.Key key) {
  private static final Pattern TEXT =
      Pattern.compile("snapferry-volume: 1\nvolume: ([0-9a-f-]{36})\nkey: ([0-9a-f]{32})\n");
  private static final int MAX_LENGTH = 512;
  private static final String FILE = "volume";

  /** A new volume, with a random key. */
  public static VolumeIdentity random() {
    SecureRandom random = new SecureRandom();
    return new VolumeIdentity(
        UUID.randomUUID(), new SignatureShape.Key(random.nextLong(), random.nextLong()));
  }

  /**
   * The identity that {@code directory} remembers, or null when there is none.
   *
   * @throws FormatException if there is one and it is damaged
   */
  public static @Nullable VolumeIdentity load(StateDirectory directory) throws IOException {
    byte[] bytes = directory.load(FILE, MAX_LENGTH);
    return bytes == null ? null : decode(bytes);
  }

  /** Makes {@code directory} remember this, durably. */
  public void store(StateDirectory directory) throws IOException {
    directory.replace(FILE, encode());
  }

  byte[] encode() {
    HexFormat hex = HexFormat.of();
    return SealedText.seal(
        "snapferry-volume: 1\nvolume: "
            + volume
            + "\nkey: "
            + hex.toHexDigits(key.k0())
            + hex.toHexDigits(key.k1())
            + "\n");
  }

  static VolumeIdentity decode(byte[] bytes) throws FormatException {
    Matcher text = TEXT.matcher(SealedText.open(bytes, "volume identity"));
    if (!text.matches()) {
      throw new FormatException("volume identity that is not one of version 1");
    }
    String key = text.group(2);
    VolumeIdentity identity;
    try {
      identity =
          new VolumeIdentity(
              UUID.fromString(text.group(1)),
              new SignatureShape.Key(
                  HexFormat.fromHexDigitsToLong(key, 0, 16),
                  HexFormat.fromHexDigitsToLong(key, 16, 32)));
    } catch (IllegalArgumentException e) {
      throw new FormatException("volume identity: " + e.getMessage());
    }
    if (!Arrays.equals(bytes, identity.encode())) {
      throw new FormatException("volume identity that is not in its canonical form");
    }
    return identity;
  }
}
