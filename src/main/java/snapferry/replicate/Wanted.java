package snapferry.replicate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import snapferry.delta.HashKind;

/**
 * Blocks that must come again, whole, and the hash that each must then have: the one that was
 * announced, of which the root is made. {@link snapferry.wire.Resend} bounds how many there are.
 */
final class Wanted {
  private final int hashLength;
  private final NavigableMap<Long, byte[]> hashes = new TreeMap<>();

  Wanted(HashKind kind) {
    this.hashLength = kind.length();
  }

  /** This block is wanted with the hash at {@code hash[at...]}, unless it is wanted already. */
  void add(long block, ByteBuffer hash, int at) {
    hashes.computeIfAbsent(
        block,
        each -> {
          byte[] bytes = new byte[hashLength];
          hash.get(at, bytes);
          return bytes;
        });
  }

  /** All of them, ascending. */
  Set<Long> blocks() {
    return hashes.keySet();
  }

  /** Whether this block is wanted and has the hash at {@code hash[at...]}. */
  boolean isMetBy(long block, ByteBuffer hash, int at) {
    byte[] wanted = hashes.get(block);
    return wanted != null && ByteBuffer.wrap(wanted).equals(hash.slice(at, hashLength));
  }

  /** Whether this block is wanted and is to be zeros. */
  boolean isMetByZeros(long block) {
    byte[] wanted = hashes.get(block);
    return wanted != null && Arrays.equals(wanted, new byte[hashLength]);
  }
}
