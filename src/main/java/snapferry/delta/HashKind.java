package snapferry.delta;

import java.nio.ByteBuffer;
import java.util.Locale;
import snapferry.codec.FormatException;

/** The strong hash of a block; see {@code signature.md}. */
public enum HashKind {
  /** Two keyed XXH64: 128 bits against accidents, at memory speed. */
  FAST128(1, 16),
  /** SHA-256: against adversaries. */
  SHA256(2, 32);

  private final int code;
  private final int length;

  HashKind(int code, int length) {
    this.code = code;
    this.length = length;
  }

  /** The number that stands for this kind in every format. */
  public int code() {
    return code;
  }

  /**
   * The kind that {@code code} stands for.
   *
   * @throws FormatException if it stands for none
   */
  public static HashKind of(int code) throws FormatException {
    for (HashKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new FormatException("no hash of kind " + code);
  }

  /** Bytes of a hash. */
  public int length() {
    return length;
  }

  /** Whether the hashes of this kind at {@code a[aAt...]} and {@code b[bAt...]} are the same. */
  public boolean same(ByteBuffer a, int aAt, ByteBuffer b, int bAt) {
    for (int i = 0; i < length; i += Long.BYTES) {
      if (a.getLong(aAt + i) != b.getLong(bAt + i)) {
        return false;
      }
    }
    return true;
  }

  /** The name on the command line and in the manifest: {@code fast128}, {@code sha256}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
