package snapferry.delta;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4) over parts of buffers, without allocation per hash. For one thread. */
final class Sha256 {
  static final int LENGTH = 32;

  private final MessageDigest digest;
  private final byte[] result = new byte[LENGTH];

  Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Adds one byte. */
  Sha256 add(byte b) {
    digest.update(b);
    return this;
  }

  /** Adds all of {@code bytes}. */
  Sha256 add(byte[] bytes) {
    digest.update(bytes);
    return this;
  }

  /** Adds {@code bytes[offset, offset + length)}; position and limit come back as they were. */
  Sha256 add(ByteBuffer bytes, int offset, int length) {
    int position = bytes.position();
    int limit = bytes.limit();
    digest.update(bytes.limit(offset + length).position(offset));
    bytes.limit(limit).position(position);
    return this;
  }

  /** Writes the hash of what was added to {@code into[at, at + 32)} and forgets it. */
  void finish(ByteBuffer into, int at) {
    try {
      digest.digest(result, 0, LENGTH);
    } catch (DigestException e) {
      throw new AssertionError("the result has room for a hash", e);
    }
    into.put(at, result);
  }
}
