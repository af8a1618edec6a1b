package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.MatchLimits;
import snapferry.delta.PageRuns;
import snapferry.device.HostileDisk;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.StateFiles;
import snapferry.wire.DeltaEncoder;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** What moved within the volume crosses the line as copies, and comes out right. */
@NullMarked
class CopyTest {
  private static final int MIB = 1 << 20;
  private static final int SIZE = 12 * MIB + 3 * BlockSize.SECTOR;
  private static final int MOVED = 8 * MIB;
  private static final int BLOCK = 65_536;
  private static final Wishes FULL = new Wishes(false, false, true, false, null, null);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] old = new byte[SIZE];

  CopyTest() {
    random.nextBytes(old);
  }

  private Rig standing(byte[] next) throws IOException {
    Rig rig = new Rig();
    rig.source(old);
    rig.replicate();
    rig.source(next);
    return rig;
  }

  private byte[] moved(int from, int to, int length) {
    byte[] next = old.clone();
    System.arraycopy(old, from, next, to, length);
    return next;
  }

  private void checkSound(Rig rig, byte[] next) throws IOException {
    assertThat(Arrays.equals(rig.image(), next)).as("seed %d", seed).isTrue();
    try (Standby standby = rig.open()) {
      assertThat(ImageVerification.verify(standby, Monitor.SILENT).isSound()).isTrue();
    }
  }

  /** Little was sent, the rest was copied, and the image is right. */
  private void checkCopied(Rig rig, Summary summary, byte[] next) throws IOException {
    checkSound(rig, next);
    assertThat(summary.bytesSent()).as("sent, seed %d", seed).isLessThan(MOVED / 50);
    assertThat(summary.copiedBytes()).as("copied, seed %d", seed).isGreaterThan(MOVED / 50 * 49);
    assertThat(summary.basisRead()).isGreaterThanOrEqualTo(2 * summary.copiedBytes());
    assertThat(rig.replicate().blocksChanged()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {MIB, -MIB, 512, -512, 137, -137, 4095})
  void whatMovedByAnyDistanceIsCopied(int distance) throws IOException {
    byte[] next = moved(2 * MIB, 2 * MIB + distance, MOVED);
    Rig rig = standing(next);
    checkCopied(rig, rig.replicate(), next);
  }

  @Test
  void aThousandBytesThatWereInsertedAreSentAndTheRestIsCopied() throws IOException {
    byte[] next = moved(2 * MIB + 5000, 2 * MIB + 6000, MOVED);
    byte[] inserted = new byte[1000];
    random.nextBytes(inserted);
    System.arraycopy(inserted, 0, next, 2 * MIB + 5000, inserted.length);
    Rig rig = standing(next);
    checkCopied(rig, rig.replicate(), next);
  }

  @Test
  void regionsThatChangedPlacesAreCopiedOverEachOther() throws IOException {
    byte[] next = moved(0, 6 * MIB, 5 * MIB);
    System.arraycopy(old, 6 * MIB, next, 0, 5 * MIB);
    Rig rig = standing(next);
    checkCopied(rig, rig.replicate(), next);
  }

  @ParameterizedTest
  @ValueSource(ints = {MIB, 512, 137})
  void aVolumeThatIsRotatedIsCopiedOverItself(int distance) throws IOException {
    byte[] next = Volumes.rotated(old, distance);
    Rig rig = standing(next);
    checkCopied(rig, rig.replicate(), next);
  }

  @Test
  void aPullCopiesAsAPushDoes() throws IOException {
    byte[] next = moved(0, MIB, MOVED);
    Summary pushed = standing(next).replicate();
    Rig rig = standing(next);
    Summary pulled = rig.pull(Purpose.REPLICATE, Wishes.NONE);
    checkSound(rig, next);
    assertThat(pulled.copiedBytes()).isEqualTo(pushed.copiedBytes());
    assertThat(pulled.literalBytes()).isEqualTo(pushed.literalBytes());
    assertThat(pulled.bytesReceived()).isLessThan(MOVED / 50);
  }

  @Test
  void aDryRunCountsWhatWouldBeCopied() throws IOException {
    Rig rig = standing(moved(0, MIB, MOVED));
    Summary dry = rig.push(Purpose.DRY_RUN, Wishes.NONE);
    Summary pulled = rig.pull(Purpose.DRY_RUN, Wishes.NONE);
    Summary run = rig.replicate();
    assertThat(dry.copiedBytes()).isEqualTo(run.copiedBytes()).isEqualTo(pulled.copiedBytes());
    assertThat(dry.literalBytes()).isEqualTo(run.literalBytes()).isEqualTo(pulled.literalBytes());
  }

  @Test
  void aVerificationLooksForNothingThatMoved() throws IOException {
    Rig rig = standing(moved(0, MIB, MOVED));
    assertThat(rig.push(Purpose.VERIFY, Wishes.NONE).copiedBytes()).isZero();
  }

  @Test
  void matchOffSendsLiterals() throws IOException {
    byte[] next = moved(0, MIB, MOVED);
    Rig rig = standing(next);
    rig.settings =
        new Session.Settings(20, 0, true, new MatchLimits(MatchLimits.Mode.OFF, MIB), null, "test");
    Summary summary = rig.replicate();
    checkSound(rig, next);
    assertThat(summary.copiedBytes()).isZero();
    assertThat(summary.literalBytes()).isGreaterThanOrEqualTo(MOVED);
  }

  @Test
  void anImageThatIsWrittenInPlaceGetsLiterals() throws IOException {
    byte[] next = moved(0, MIB, MOVED);
    Rig rig = new Rig();
    rig.bareImage(old);
    rig.source(next);
    Summary summary =
        rig.push(Purpose.REPLICATE, new Wishes(true, false, false, false, null, null));
    checkSound(rig, next);
    assertThat(summary.copiedBytes()).isZero();
  }

  @Test
  void whatArrivedOfASignatureInTimeIsCopiedFrom() throws IOException {
    byte[] next = moved(0, MIB, MOVED);
    Rig stored = standing(next);
    StateFile.of(stored.sourceDisk, stored.sourceRecord(), StateFiles.MANIFEST).delete();
    Summary summary = stored.replicate();
    checkSound(stored, next);
    assertThat(summary.copiedBytes()).isPositive();

    Rig read = standing(next);
    Summary compared = read.push(Purpose.REPLICATE, FULL);
    checkSound(read, next);
    assertThat(compared.copiedBytes()).isPositive();
  }

  @Test
  void aVolumeThatGrewIsCopiedFromWhatItWas() throws IOException {
    byte[] next = Arrays.copyOf(old, SIZE + MOVED);
    System.arraycopy(old, 137, next, SIZE, MOVED);
    Rig rig = standing(next);
    Summary summary =
        rig.push(Purpose.REPLICATE, new Wishes(false, true, false, false, null, null));
    checkSound(rig, next);
    assertThat(summary.copiedBytes() + summary.literalBytes()).isGreaterThanOrEqualTo(MOVED);
  }

  @Test
  void aSourceThatChangedBehindOurBackIsFoundAndItsBlockIsSentWhole() throws IOException {
    byte[] next = moved(0, 6 * MIB, 4 * MIB);
    Rig rig = standing(next);
    Rig touched = touched(rig, 100);
    Summary summary = touched.replicate();
    assertThat(summary.literalBytes()).as("seed %d", seed).isBetween((long) BLOCK, 4L * BLOCK);
    byte[] expected = next.clone();
    expected[100] ^= 1;
    assertThat(Arrays.equals(touched.image(), expected)).as("seed %d", seed).isTrue();
  }

  @Test
  void aSourceThatChangedBehindOurBackAndIsOverwrittenEndsTheRun() throws IOException {
    byte[] next = Volumes.rotated(old, MIB);
    Rig touched = touched(standing(next), 3 * MIB);
    Failure failure = catchThrowableOfType(Failure.class, touched::replicate);
    assertThat(failure.exit()).isEqualTo(ExitCode.INTEGRITY);
    assertThat(touched.image()[MIB]).isEqualTo(old[MIB]);
    touched.push(Purpose.REPLICATE, FULL);
    checkSound(touched, next);
  }

  /** Somebody flipped a bit of the image. */
  private static Rig touched(Rig rig, int at) {
    byte[] content = rig.image();
    content[at] ^= 1;
    HostileDisk disk = rig.standbyDisk.rebootKeepingNone();
    disk.preload(Rig.IMAGE, content);
    return rig.on(rig.sourceDisk.rebootKeepingNone(), disk);
  }

  @Test
  void aCopyIntoAnImageThatIsWrittenInPlaceIsRefused() throws IOException {
    Rig rig = new Rig();
    rig.source(old);
    Ends[] ends = Ends.pair();
    Ends copying = new Ends(ends[0].in(), copying(ends[0].out()), ends[0].cut());
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                rig.session(
                    new Ends[] {copying, ends[1]},
                    client -> client.push("", rig.sourcePlace(), Purpose.REPLICATE, Wishes.NONE)));
    assertThat(failure.exit()).as("%s", failure).isEqualTo(ExitCode.PROTOCOL);
    assertThat(failure).hasMessageContaining("nothing may be copied");
  }

  /** Says a copy instead of the first DELTA. */
  private static WritableByteChannel copying(WritableByteChannel out) {
    return new WritableByteChannel() {
      private boolean said;

      @Override
      public int write(ByteBuffer from) throws IOException {
        int length = from.remaining();
        if (!said && from.get(from.position()) == Forger.DELTA) {
          said = true;
          from.position(from.limit());
          for (ByteBuffer copy = copy(); copy.hasRemaining(); ) {
            out.write(copy);
          }
        }
        while (from.hasRemaining()) {
          out.write(from);
        }
        return length;
      }

      @Override
      public boolean isOpen() {
        return out.isOpen();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  private static ByteBuffer copy() {
    Geometry geometry = new Geometry(SIZE, BlockSize.DEFAULT);
    DeltaEncoder encoder = new DeltaEncoder(geometry, HashKind.FAST128, false);
    byte[] ops = new byte[geometry.blockSize().pages()];
    ops[0] = PageRuns.COPY;
    long[] sources = new long[ops.length];
    sources[0] = MIB;
    ByteBuffer hash = LittleEndian.heap(16).put(0, (byte) 1);
    encoder.add(0, hash, 0, ops, sources, hash, 0);
    ByteBuffer frame = LittleEndian.heap(DeltaEncoder.maxFrameLength());
    encoder.finish(frame);
    return frame.flip();
  }
}
