package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.process.Replica.Direction;

/**
 * A line that is cut after so many bytes, or that garbles one, or swallows all from there on: no
 * run is fooled, none hangs. It is cut one way only, and the shell keeps the pipes open: most ends
 * just hear nothing any more. A line that is only slow is no failure.
 */
@NullMarked
class BrokenLineIT {
  private static final long SEED = Long.getLong("snapferry.seed", 1);
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final List<Integer> CUT = List.of(20, 21);
  private static final List<Integer> GARBLED = List.of(21, 22);

  private final Random random = new Random(SEED);
  @TempDir private Path directory;
  private Replica replica;
  private Path old;

  /** Bytes that the run to break has each way. */
  private long sent;

  private long received;

  @BeforeEach
  void seed() throws Exception {
    replica = new Replica(directory);
    old = directory.resolve("old");
    Content.fill(replica.volume(), 4 << 20, random);
    replica.run(Direction.PUSH);
    advance();
    Outcome whole = replica.run(Direction.PUSH);
    sent = whole.summary("bytesSent");
    received = whole.summary("bytesReceived");
    advance();
  }

  private void advance() throws Exception {
    Files.copy(replica.volume(), old, StandardCopyOption.REPLACE_EXISTING);
    Content.edit(replica.volume(), 1 << 20, random);
  }

  @Test
  void aLineThatIsCutOnTheWayThereEndsTheRun() throws Exception {
    for (long bytes : new long[] {0, 11, 60, 300, sent / 4, sent / 2}) {
      attempt(BadLine.CUTS.command(directory, bytes) + " | %s", CUT);
    }
    assertTheNextSucceeds();
  }

  @Test
  void aLineThatIsCutOnTheWayBackEndsTheRun() throws Exception {
    for (long bytes : new long[] {0, 10, received / 2, received - 1}) {
      attempt("%s | " + BadLine.CUTS.command(directory, bytes), CUT);
    }
    assertTheNextSucceeds();
  }

  @Test
  void aLineThatGarblesAByteOnTheWayThereEndsTheRun() throws Exception {
    for (long at : new long[] {9, 40, 250, sent / 4, sent / 2}) {
      attempt(garbler(at) + " | %s", GARBLED);
    }
    assertTheNextSucceeds();
  }

  @Test
  void aLineThatGarblesAByteOnTheWayBackEndsTheRun() throws Exception {
    attempt("%s | " + garbler(0), CUT); // Without its magic it is no line at all.
    for (long at : new long[] {9, 40, received / 2}) {
      attempt("%s | " + garbler(at), GARBLED);
    }
    assertTheNextSucceeds();
  }

  @Test
  void aLineThatSwallowsAllFromSomewhereOnEndsTheRun() throws Exception {
    String there = BadLine.SWALLOWS.command(directory, sent / 2);
    String back = BadLine.SWALLOWS.command(directory, received / 2);
    attempt(there + " | %s", CUT);
    attempt("%s | " + back, CUT);
    attempt(there + " | %s | " + back, CUT);
    assertTheNextSucceeds();
  }

  @Test
  void aLineThatCarriesAByteAtATimeIsSlowAndNothingElse() throws Exception {
    String trickler = BadLine.TRICKLES.command(directory, 0);
    assertArrives(trickler + " | %s | " + trickler);
  }

  @Test
  void aLineOfLongDelayIsSlowAndNothingElse() throws Exception {
    String delayer = BadLine.DELAYS.command(directory, 300);
    assertArrives(delayer + " | %s | " + delayer);
  }

  private void assertArrives(String line) throws Exception {
    Files.copy(replica.image(), replica.volume(), StandardCopyOption.REPLACE_EXISTING);
    Content.edit(replica.volume(), 64 << 10, random);
    replica.line(line);
    replica.run(Direction.PUSH);
    replica.assertSame();
    replica.assertNobodyIsLeft(DEADLINE);
  }

  private String garbler(long at) throws Exception {
    return BadLine.GARBLES.command(directory, at);
  }

  private void attempt(String line, List<Integer> exits) throws Exception {
    replica.line(line);
    try (Program program = replica.start(Direction.PUSH, "--timeout", "3", "--compress", "none")) {
      Outcome outcome = program.await(DEADLINE);
      String what = "seed " + SEED + ", " + line + ": " + outcome;
      assertThat(outcome.exit()).as(what).isIn(exits);
      replica.assertNobodyIsLeft(DEADLINE);
      boolean arrived = Files.mismatch(replica.image(), replica.volume()) < 0;
      assertThat(arrived || Files.mismatch(replica.image(), old) < 0).as(what).isTrue();
      if (arrived) {
        advance();
      }
    }
  }

  private void assertTheNextSucceeds() throws Exception {
    replica.line("%s");
    replica.run(Direction.PUSH);
    replica.assertSame();
  }
}
