package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import snapferry.process.Killing.Victim;
import snapferry.process.Replica.Direction;

/** First copies that are killed, once or more, before they are let through. */
@NullMarked
final class KilledSeeds {
  private static final long SIZE = (20 << 20) + 512 * 5;

  /** Slow enough that what is sent is spread over a second. */
  private static final String RATE = "16M";

  private static final int SLOWER_MILLIS = 1000;

  private final Replica replica;
  private final Random random;
  private final Tally tally;
  private int usualMillis = 1500;

  KilledSeeds(Replica replica, Random random, Tally tally) {
    this.replica = replica;
    this.random = random;
    this.tally = tally;
  }

  void run(int kills) throws Exception {
    int left = kills;
    while (left > 0) {
      Content.fill(replica.volume(), SIZE, random);
      int times = Math.min(left, 1 + random.nextInt(3));
      for (int i = 0; i < times; i++) {
        kill();
      }
      left -= times;
      complete();
      startAnew();
    }
  }

  private void kill() throws Exception {
    Victim victim = random.nextBoolean() ? Victim.NEAR : Victim.FAR;
    Killing killing = new Killing(replica, direction(), victim, moment());
    try {
      boolean late = killing.run("--bwlimit", RATE);
      tally.count(
          late
              ? "seed: over before it was killed"
              : "seed: the standby was " + replica.standby().phase(0));
      if (replica.standby().epoch() >= 0 && random.nextBoolean()) {
        replica.recover();
      }
      if (replica.standby().epoch() > 0) {
        replica.assertSame();
      }
    } catch (Throwable e) {
      throw new AssertionError(killing.toString(), e);
    }
  }

  private Direction direction() {
    return random.nextBoolean() ? Direction.PUSH : Direction.PULL;
  }

  private Moment moment() throws Exception {
    return switch (random.nextInt(6)) {
      case 0, 1 -> Moment.after(Duration.ofMillis(random.nextInt(usualMillis + SLOWER_MILLIS)));
      case 2 -> Moment.exists(replica.image());
      case 3 -> Moment.exists(replica.standby().directory());
      case 4 -> arrival();
      default -> Moment.epochAfter(replica.standby(), 0);
    };
  }

  /** Some page of noise has reached the image. */
  private Moment arrival() throws Exception {
    long at = Content.difference(replica.volume(), replica.image(), random);
    return at < 0
        ? Moment.epochAfter(replica.standby(), 0)
        : Moment.changed(replica.image(), at, new byte[Content.PAGE]);
  }

  /** What reached the image is not sent again. */
  private void complete() throws Exception {
    boolean begun = Files.exists(replica.image());
    long copied = begun ? Content.copied(replica.volume(), replica.image()) : 0;
    long all = Content.copied(replica.volume(), replica.volume());
    long started = System.nanoTime();
    Outcome outcome = replica.run(direction());
    usualMillis = (int) Duration.ofNanos(System.nanoTime() - started).toMillis();
    replica.assertSame();
    assertThat(outcome.summary("literalBytes"))
        .as("sent of %d bytes, of which %d were there", all, copied)
        .isLessThanOrEqualTo(all - copied);
    tally.count("seed: resumed" + (copied == 0 ? " from nothing" : ""));
  }

  private void startAnew() throws Exception {
    Files.delete(replica.image());
    for (Path each : new Path[] {replica.standby().directory(), replica.sourceRoot()}) {
      try (Stream<Path> tree = Files.walk(each)) {
        for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
