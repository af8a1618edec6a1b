package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.codec.LittleEndian;
import snapferry.delta.BlockSigner;
import snapferry.delta.HashKind;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.device.BlockDevice;
import snapferry.device.FileDevice;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** The image is compared with what its signature says of it before a block is changed. */
@NullMarked
class AssemblyTest {
  private static final long SEED = 0x5a;
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 700;
  private static final SignatureShape SHAPE =
      new SignatureShape(
          new Geometry((long) BLOCKS * BLOCK, new BlockSize(BLOCK)),
          HashKind.FAST128,
          new SignatureShape.Key(1, 2));

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final BlockSigner signer = new BlockSigner(SHAPE);

  @TempDir private Path directory = Path.of("");

  /** Fills a block of the image at random and gives its entry. */
  private ByteBuffer fill(BlockDevice image, long block) throws IOException {
    byte[] bytes = new byte[BLOCK];
    random.nextBytes(bytes);
    image.write(block * BLOCK, ByteBuffer.wrap(bytes));
    ByteBuffer entry = LittleEndian.heap(SHAPE.entryLength());
    signer.hash(ByteBuffer.wrap(bytes), 0, BLOCK, entry, 0);
    signer.pageSums(ByteBuffer.wrap(bytes), 0, BLOCK, entry, SHAPE.hash().length());
    return entry;
  }

  private BlockDevice image() throws IOException {
    return FileDevice.create(directory.resolve("image"), (long) BLOCKS * BLOCK);
  }

  private Signature signature() throws IOException {
    return Signature.create(FileDevice.create(directory.resolve("signature"), 0), SHAPE);
  }

  @Test
  void everyBlockIsComparedWithItsOwnHashInAnyOrder() throws IOException {
    try (BlockDevice image = image();
        Signature signature = signature()) {
      for (long block = 0; block < BLOCKS; block += 3) {
        signature.putEntry(block, fill(image, block));
      }
      fill(image, 400);
      Assembly assembly = new Assembly(image, signature, true, false, null);
      for (long block = 0; block < BLOCKS; block++) {
        long each = block % 5 == 0 ? BLOCKS - 1 - block : block;
        if (each == 400) {
          assertThatThrownBy(() -> assembly.readBasis(each))
              .isInstanceOfSatisfying(
                  Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.INTEGRITY))
              .hasMessageContaining("at offset " + 400 * BLOCK);
        } else {
          assertThat(assembly.readBasis(each)).as("block %d", each).isTrue();
        }
      }
    }
  }

  @Test
  void aHashThatWasSetAfterItsNeighbourWasComparedCounts() throws IOException {
    try (BlockDevice image = image();
        Signature signature = signature()) {
      Assembly assembly = new Assembly(image, signature, true, false, null);
      for (long block = 0; block < BLOCKS; block++) {
        signature.putEntry(block, fill(image, block));
        assertThat(assembly.readBasis(block)).as("block %d", block).isTrue();
      }
    }
  }
}
