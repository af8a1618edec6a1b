package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import snapferry.device.HostileDisk;
import snapferry.extent.BlockSize;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** What is sent, and what is not. */
@NullMarked
class TrafficTest {
  private static final byte DELTA = 6;
  private static final byte ZERO = 7;
  private static final int BLOCK = 65_536;
  private static final int BLOCKS = 60;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] content = new byte[BLOCKS * BLOCK + 512];
  private Recording said = new Recording();
  private Recording answered = new Recording();
  private Rig rig = new Rig();

  @BeforeEach
  void seedARandomVolume() throws IOException {
    random.nextBytes(content);
    rig.source(content);
    rig.replicate();
  }

  @Test
  void aRunInWhichNothingChangedSaysNothingButThat() throws IOException {
    Summary summary = replicate(Wishes.NONE);
    assertThat(types(said)).doesNotContain(DELTA, ZERO);
    assertThat(summary.epoch()).isEqualTo(2);
    assertThat(summary.blocksChanged()).isZero();
    assertThat(summary.bytesWritten()).isZero();
    assertThat(summary.bytesSent()).isEqualTo(said.bytes().length).isLessThan(500);
    assertThat(summary.bytesReceived()).isEqualTo(answered.bytes().length).isLessThan(500);
    assertThat(summary.bytesRead()).isEqualTo(content.length);
  }

  @Test
  void scatteredEditsCostTheirPagesAndLittleMore() throws IOException {
    int edits = 40;
    for (int block = 0; block < edits; block++) {
      content[block * BLOCK + random.nextInt(BLOCK)] ^= 1;
    }
    rig.source(content);
    Summary summary = replicate(Wishes.NONE);
    assertThat(summary.blocksChanged()).isEqualTo(edits);
    assertThat(summary.literalBytes()).isEqualTo(edits * (long) BlockSize.PAGE);
    assertThat(summary.bytesWritten()).isEqualTo(edits * (long) BlockSize.PAGE);
    assertThat(summary.bytesSent())
        .as("seed %d", seed)
        .isBetween(edits * (long) BlockSize.PAGE, edits * (BlockSize.PAGE + 60L) + 500);
  }

  @Test
  void zerosAreNamedAndNeitherSentNorWritten() throws IOException {
    Arrays.fill(content, 3 * BLOCK, 50 * BLOCK, (byte) 0);
    Arrays.fill(content, 55 * BLOCK, 55 * BLOCK + 4096, (byte) 0);
    rig.source(content);
    Summary summary = replicate(Wishes.NONE);
    assertThat(summary.zeroBytes()).isEqualTo(47L * BLOCK + 4096);
    assertThat(summary.literalBytes()).isZero();
    assertThat(summary.bytesWritten()).isZero();
    assertThat(summary.bytesSent()).isLessThan(1000);
    assertThat(Arrays.equals(rig.image(), content)).isTrue();
  }

  @Test
  void aNearlyEqualTargetCostsItsSignatureAndWhatDiffers() throws IOException {
    byte[] bare = content.clone();
    bare[20 * BLOCK] ^= 1;
    Rig fresh = rig.on(new HostileDisk(), new HostileDisk());
    fresh.source(content);
    fresh.bareImage(bare);
    rig = fresh;
    Summary summary = replicate(new Wishes(true, false, false, false, null, null));
    assertThat(summary.blocksChanged()).isEqualTo(1);
    assertThat(summary.literalBytes()).isEqualTo(BlockSize.PAGE);
    assertThat(summary.bytesSent()).isLessThan(BlockSize.PAGE + 600L);
    assertThat(summary.basisRead()).isGreaterThanOrEqualTo(content.length);
    assertThat(Arrays.equals(rig.image(), content)).isTrue();
  }

  private Summary replicate(Wishes wishes) throws IOException {
    said = new Recording();
    answered = new Recording();
    Ends[] ends = Ends.pair();
    return rig.session(
        new Ends[] {said.of(ends[0]), answered.of(ends[1])},
        client -> client.push("", rig.sourcePlace(), Purpose.REPLICATE, wishes));
  }

  private static List<Byte> types(Recording recording) {
    return Garbling.frames(recording.bytes()).stream().map(frame -> frame[0]).toList();
  }
}
