package snapferry.replicate;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import snapferry.wire.VolumeName;

/** Names for what is kept of a path: readable, and one for each path. */
public final class PathKey {
  private static final int READABLE = 64;
  private static final int HASH_BYTES = 8;

  private PathKey() {}

  /**
   * The last name of {@code path} in the letters of a {@link VolumeName}: others become {@code _}.
   */
  static String label(Path path) {
    Path last = path.getFileName();
    String name = last == null ? "" : last.toString().replaceAll("[^A-Za-z0-9._-]", "_");
    String cut = name.substring(0, Math.min(name.length(), VolumeName.MAX_LENGTH));
    return VolumeName.isValid(cut) ? cut : "volume";
  }

  /**
   * A directory name for {@code path}: its label, and 16 hex digits of the SHA-256 of all of it.
   */
  static String directory(Path path) {
    String label = label(path);
    return label.substring(0, Math.min(label.length(), READABLE)) + "-" + hash(path);
  }

  /** 16 hex digits that stand for {@code path}, where there is no room for more. */
  public static String hash(Path path) {
    byte[] hash = sha256(path.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
