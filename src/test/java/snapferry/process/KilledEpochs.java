package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import snapferry.process.Killing.Victim;
import snapferry.process.Replica.Direction;

/** A chain of epochs whose runs are killed, some of them again and again before one succeeds. */
@NullMarked
final class KilledEpochs {
  private static final long SIZE = (24 << 20) + 512 * 3;
  private static final long EDITED = 8 << 20;

  /** Slow enough that what is sent is spread over a second. */
  private static final String RATE = "8M";

  private static final int SLOWER_MILLIS = 1000;
  private static final int APPLY_NANOS = 40_000_000;

  private final Replica replica;
  private final Random random;
  private final Tally tally;
  private final Path old;
  private boolean current;
  private int times;
  private int usualMillis;

  KilledEpochs(Replica replica, Random random, Tally tally) {
    this.replica = replica;
    this.random = random;
    this.tally = tally;
    this.old = replica.directory().resolve("old");
  }

  void run(int kills) throws Exception {
    Content.fill(replica.volume(), SIZE, random);
    complete();
    for (int i = 0; i < kills; i++) {
      if (current) {
        Files.copy(replica.volume(), old, StandardCopyOption.REPLACE_EXISTING);
        Content.edit(replica.volume(), EDITED, random);
        current = false;
        times = 0;
      }
      kill();
      if (random.nextInt(3) > 0) {
        replica.recover();
        assertOldOrNew();
      }
      if (random.nextBoolean() || times == 3) {
        complete();
      }
    }
    complete();
  }

  private void kill() throws Exception {
    times++;
    long base = replica.standby().epoch();
    Direction direction = direction();
    boolean slow = random.nextBoolean();
    boolean late = random.nextBoolean();
    Moment moment = late ? lateMoment(base) : moment(usualMillis + (slow ? SLOWER_MILLIS : 0));
    Killing killing = new Killing(replica, direction, victim(direction, late), moment);
    try {
      boolean over = slow ? killing.run("--bwlimit", RATE) : killing.run();
      tally.count(
          over
              ? "epoch: over before it was killed"
              : "epoch: the standby was " + replica.standby().phase(base));
      if (over) {
        current = true;
      }
    } catch (Throwable e) {
      throw new AssertionError(killing + ", base " + base, e);
    }
  }

  private Direction direction() {
    return random.nextBoolean() ? Direction.PUSH : Direction.PULL;
  }

  /** Once an epoch is on its way into the image, the standby is the end that matters. */
  private Victim victim(Direction direction, boolean late) {
    boolean standby = late ? random.nextInt(4) > 0 : random.nextBoolean();
    return standby == (direction == Direction.PULL) ? Victim.NEAR : Victim.FAR;
  }

  /** Any moment, or one before the commit. */
  private Moment moment(int millis) throws IOException {
    return switch (random.nextInt(5)) {
      case 0, 1 -> Moment.after(Duration.ofMillis(random.nextInt(millis)));
      case 2 -> Moment.journalHolds(replica.standby(), 0);
      case 3 -> Moment.journalHolds(replica.standby(), 1 + random.nextLong(EDITED));
      default -> sourceCommitted();
    };
  }

  /** A moment from the commit on. */
  private Moment lateMoment(long base) throws IOException {
    return switch (random.nextInt(5)) {
      case 0 -> Moment.committed(replica.standby());
      case 1 ->
          Moment.committed(replica.standby()).plus(Duration.ofNanos(random.nextInt(APPLY_NANOS)));
      case 2, 3 -> changedImage();
      default -> Moment.epochAfter(replica.standby(), base);
    };
  }

  private Moment changedImage() throws IOException {
    long at = Content.difference(replica.volume(), replica.image(), random);
    return at < 0 // A run before got through, and nobody looked.
        ? Moment.committed(replica.standby())
        : Moment.changed(replica.image(), at, Content.page(replica.image(), at));
  }

  /** The source has done what is up to it; whether the standby has is not yet known. */
  private Moment sourceCommitted() throws IOException {
    try (Stream<Path> files = Files.walk(replica.sourceRoot())) {
      Optional<Path> record =
          files.filter(file -> Files.exists(file.resolve("manifest"))).findFirst();
      return Moment.committed(new StateTrace(record.orElseThrow()));
    }
  }

  private void assertOldOrNew() throws IOException {
    current = Files.mismatch(replica.image(), replica.volume()) < 0;
    assertThat(current || Files.mismatch(replica.image(), old) < 0)
        .as("the image is the old epoch or the new")
        .isTrue();
    tally.count("epoch: recovered to the " + (current ? "new" : "old"));
  }

  private void complete() throws Exception {
    long started = System.nanoTime();
    replica.run(direction());
    usualMillis = (int) Duration.ofNanos(System.nanoTime() - started).toMillis();
    replica.assertSame();
    current = true;
  }
}
