package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * A line that damages a byte between two living ends: whichever notices tells the other, both end
 * alike, and the next run over a sound line succeeds.
 */
@NullMarked
class DamagedLineTest {
  private static final long PROMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final SmallVolume volume = new SmallVolume();

  @Test
  void aDamagedByteOfThePayloadsIsAnIntegrityFailureOfBothEnds() throws IOException {
    for (boolean pull : new boolean[] {false, true}) {
      for (int damagedEnd = 0; damagedEnd < 2; damagedEnd++) {
        Rig before = volume.cached();
        byte[] said = said(before.copy(), pull, damagedEnd);
        for (int i = 0; i < 40; i++) {
          // A standby that damages its ACK has the epoch, and is done.
          boolean isDone = pull && damagedEnd == 0;
          int at = inAFrame(said, Garbling.frames(said).size() - (isDone ? 1 : 0));
          String what = "pull " + pull + ", end " + damagedEnd + ", byte " + at + ", seed " + seed;
          check(before.copy(), pull, damagedEnd, at, what);
        }
      }
    }
  }

  private void check(Rig rig, boolean pull, int damagedEnd, int at, String what)
      throws IOException {
    Ends[] ends = Ends.pair();
    Ends end = ends[damagedEnd];
    ends[damagedEnd] = new Ends(end.in(), new Damaging(end.out(), at), end.cut());
    long start = System.nanoTime();
    Failure failure = catchThrowableOfType(Failure.class, () -> run(rig, ends, pull));
    assertThat(System.nanoTime() - start).as(what).isLessThan(PROMPT_NANOS);
    assertThat(failure).as(what).isNotNull();
    assertThat(failure.exit()).as("%s: %s", what, failure).isEqualTo(ExitCode.INTEGRITY);
    rig.replicate();
    assertThat(Arrays.equals(rig.image(), volume.next)).as(what).isTrue();
  }

  private static byte[] said(Rig rig, boolean pull, int recordedEnd) throws IOException {
    Recording recording = new Recording();
    Ends[] ends = Ends.pair();
    ends[recordedEnd] = recording.of(ends[recordedEnd]);
    run(rig, ends, pull);
    return recording.bytes();
  }

  private static Summary run(Rig rig, Ends[] ends, boolean pull) throws IOException {
    return rig.session(
        ends,
        client ->
            pull
                ? client.pull("", rig.standbyPlace(), Purpose.REPLICATE, Wishes.NONE)
                : client.push("", rig.sourcePlace(), Purpose.REPLICATE, Wishes.NONE));
  }

  /** Somewhere in a checksum or payload: types and lengths would make the end wait for more. */
  private int inAFrame(byte[] stream, int frames) {
    int wanted = random.nextInt(frames);
    int at = Garbling.PREFACE;
    for (byte[] frame : Garbling.frames(stream)) {
      if (wanted-- == 0) {
        return at + 8 + random.nextInt(frame.length - 8);
      }
      at += frame.length;
    }
    throw new AssertionError(wanted);
  }

  private final class Damaging implements WritableByteChannel {
    private final WritableByteChannel out;
    private final int damaged;
    private int written;

    Damaging(WritableByteChannel out, int damaged) {
      this.out = out;
      this.damaged = damaged;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      byte[] bytes = new byte[from.remaining()];
      from.get(bytes);
      if (damaged >= written && damaged < written + bytes.length) {
        bytes[damaged - written] ^= (byte) (1 << random.nextInt(8));
      }
      written += bytes.length;
      for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
        out.write(rest);
      }
      return bytes.length;
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
