package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.Adler32;
import org.junit.jupiter.api.Test;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

class BlockSignerTest {
  private static final int BLOCK = 64 << 10;
  private static final long PRIME32 = 2654435761L;
  private static final SignatureShape FAST = Volume.shape(10 * BLOCK, BLOCK, HashKind.FAST128);
  private static final SignatureShape STRONG = Volume.shape(10 * BLOCK, BLOCK, HashKind.SHA256);

  /** The test buffer and values of xxHash's own sanity check (xsum_sanity_check.c). */
  @Test
  void fastHashesArePublishedXxh64Values() {
    byte[] sanity = new byte[222];
    long generator = PRIME32;
    for (int i = 0; i < sanity.length; i++) {
      sanity[i] = (byte) (generator >>> 56);
      generator *= -7046029288634856819L;
    }
    BlockSigner signer = new BlockSigner(keyed(0, PRIME32));
    assertFast(signer, sanity, 14, 0x8282DCC4994E35C8L, 0xC3BD6BF63DEB6DF0L);
    assertFast(signer, sanity, 222, 0xB641AE8CB691C174L, 0x20CB8AB7AE10C14AL);
  }

  private static void assertFast(
      BlockSigner signer, byte[] bytes, int length, long first, long second) {
    ByteBuffer into = LittleEndian.heap(16);
    signer.hash(ByteBuffer.wrap(bytes), 0, length, into, 0);
    assertThat(into.getLong()).isEqualTo(first);
    assertThat(into.getLong()).isEqualTo(second);
  }

  @Test
  void aStrongHashIsSha256() throws NoSuchAlgorithmException {
    byte[] block = random(1, 5000);
    ByteBuffer into = LittleEndian.heap(40);
    assertThat(new BlockSigner(STRONG).hash(direct(block, 3), 3, 5000, into, 8)).isTrue();
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(block);
    assertThat(Arrays.copyOfRange(into.array(), 8, 40)).isEqualTo(expected);
    assertThat(into.getLong(0)).isZero();
  }

  @Test
  void zerosHashToZerosOverWhateverWasThere() {
    for (SignatureShape shape : new SignatureShape[] {FAST, STRONG}) {
      byte[] before = random(2, 40);
      ByteBuffer into = LittleEndian.wrap(before.clone());
      int length = shape.hash().length();
      assertThat(new BlockSigner(shape).hash(direct(new byte[BLOCK], 0), 0, BLOCK, into, 4))
          .isFalse();
      byte[] expected = before.clone();
      Arrays.fill(expected, 4, 4 + length, (byte) 0);
      assertThat(into.array()).isEqualTo(expected);
    }
  }

  /** Eight bytes can be solved for any XXH64: undo its last steps from zero. */
  @Test
  void aBlockWhoseHashComesOutZeroGetsOne() {
    long p1 = -7046029288634856825L;
    long p2 = -4417276706812531889L;
    long p4 = -8796714831421723037L;
    long p5 = 2870177450012600261L;
    long seed = 42;
    long mixed = Long.rotateRight(-p4 * inverse(p1), 27) ^ (seed + p5 + 8);
    long word = Long.rotateRight(mixed * inverse(p1), 31) * inverse(p2);
    ByteBuffer into = LittleEndian.heap(16);
    ByteBuffer block = LittleEndian.heap(8).putLong(0, word);
    assertThat(new BlockSigner(keyed(seed, seed)).hash(block, 0, 8, into, 0)).isTrue();
    assertThat(into.array()).startsWith(1).hasSize(16);
    assertThat(Arrays.copyOfRange(into.array(), 1, 16)).containsOnly(0);
    new BlockSigner(keyed(seed, seed + 1)).hash(block, 0, 8, into, 0);
    assertThat(into.getLong(0)).as("only a whole hash of zeros is special").isZero();
    assertThat(into.getLong(8)).isNotZero();
  }

  /** Of an odd number modulo 2^64, by Newton's method. */
  private static long inverse(long odd) {
    long inverse = odd;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }

  @Test
  void aPageSumIsAdler32AndKeyedXxh64() {
    byte[] block = random(3, BLOCK);
    Arrays.fill(block, 4096, 8192, (byte) 0);
    ByteBuffer into = LittleEndian.heap(FAST.pageSumsLength() + 5);
    new BlockSigner(FAST).pageSums(direct(block, 7), 7, BLOCK, into, 5);
    BlockSigner strong = new BlockSigner(keyed(Volume.KEY.k0() ^ 0x9E3779B97F4A7C15L, 0));
    ByteBuffer expected = LittleEndian.heap(16);
    for (int page = 0; page < 16; page++) {
      Adler32 adler = new Adler32();
      adler.update(block, page * 4096, 4096);
      strong.hash(ByteBuffer.wrap(block), page * 4096, 4096, expected, 0);
      int at = 5 + page * 12;
      assertThat(into.getInt(at)).isEqualTo(page == 1 ? 0 : (int) adler.getValue());
      assertThat(into.getLong(at + 4)).isEqualTo(expected.getLong(0));
    }
  }

  @Test
  void aShortBlockHasAShortLastPageAndZerosAfterIt() {
    byte[] block = random(4, BLOCK);
    ByteBuffer into = LittleEndian.wrap(random(5, FAST.pageSumsLength()));
    new BlockSigner(FAST).pageSums(ByteBuffer.wrap(block), 0, 4096 + 512, into, 0);
    Adler32 adler = new Adler32();
    adler.update(block, 4096, 512);
    assertThat(into.getInt(12)).isEqualTo((int) adler.getValue());
    assertThat(Zeros.isZero(into, 24, FAST.pageSumsLength() - 24)).isTrue();
  }

  @Test
  void directAndHeapBuffersHashAlikeAndKeepTheirPosition() {
    byte[] block = random(6, BLOCK);
    for (SignatureShape shape : new SignatureShape[] {FAST, STRONG}) {
      BlockSigner signer = new BlockSigner(shape);
      ByteBuffer fromHeap = entry(signer, shape, ByteBuffer.wrap(block), 0);
      ByteBuffer bytes = direct(block, 100).position(50);
      assertThat(entry(signer, shape, bytes, 100)).isEqualTo(fromHeap);
      assertThat(bytes.position()).isEqualTo(50);
      assertThat(bytes.limit()).isEqualTo(100 + BLOCK);
    }
  }

  private static ByteBuffer entry(
      BlockSigner signer, SignatureShape shape, ByteBuffer bytes, int offset) {
    ByteBuffer entry = LittleEndian.heap(shape.entryLength());
    signer.hash(bytes, offset, BLOCK, entry, 0);
    signer.pageSums(bytes, offset, BLOCK, entry, shape.hash().length());
    return entry;
  }

  private static SignatureShape keyed(long k0, long k1) {
    return new SignatureShape(
        new Geometry(BLOCK, BlockSize.DEFAULT), HashKind.FAST128, new SignatureShape.Key(k0, k1));
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private static ByteBuffer direct(byte[] bytes, int offset) {
    return ByteBuffer.allocateDirect(offset + bytes.length).put(offset, bytes);
  }
}
