package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.device.LoopDevice;
import snapferry.failure.ExitCode;
import snapferry.process.Replica.Direction;

/** An end that is stopped (SIGSTOP), as one whose machine hangs: the other gives up in time. */
@NullMarked
class StopIT {
  private static final long SEED = Long.getLong("snapferry.seed", 1);
  private static final String[] SLOWLY = {"--timeout", "3", "--bwlimit", "1M"};

  /** The timeout, and what a busy machine may add to it. */
  private static final Duration DEADLINE = Duration.ofSeconds(3 + 9);

  @TempDir private Path directory;
  private Replica replica;
  private Path old;

  @BeforeEach
  void seed() throws Exception {
    replica = new Replica(directory);
    old = directory.resolve("old");
    Random random = new Random(SEED);
    Content.fill(replica.volume(), 8 << 20, random);
    replica.run(Direction.PUSH);
    Files.copy(replica.volume(), old);
    Content.edit(replica.volume(), 4 << 20, random);
  }

  @ParameterizedTest
  @EnumSource
  void theFarEndGivesUpWhenTheNearOneIsStopped(Direction direction) throws Exception {
    try (Program program = startAndWait(direction)) {
      signal("STOP", program.handle());
      assertThat(replica.farExit(DEADLINE)).isEqualTo(ExitCode.TRANSPORT.code());
      signal("CONT", program.handle());
      assertGaveUp(program.await(DEADLINE));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theNearEndGivesUpWhenTheFarOneIsStopped(Direction direction) throws Exception {
    try (Program program = startAndWait(direction)) {
      signal("STOP", replica.farEnd().orElseThrow());
      assertGaveUp(program.await(DEADLINE));
    }
  }

  private Program startAndWait(Direction direction) throws Exception {
    Program program = replica.start(direction, SLOWLY);
    Moment received = Moment.journalHolds(replica.standby(), 1 << 20);
    while (!received.condition().holds()) {
      assertThat(program.isAlive()).as("the run").isTrue();
      Thread.sleep(5);
    }
    return program;
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    LoopDevice.run("kill", "-" + name, Long.toString(process.pid()));
  }

  private void assertGaveUp(Outcome outcome) throws Exception {
    assertThat(outcome.exit()).as("%s", outcome).isEqualTo(ExitCode.TRANSPORT.code());
    assertThat(outcome.err()).contains("one complete epoch", "run the same command again");
    replica.assertNobodyIsLeft(DEADLINE);
    assertThat(Files.mismatch(replica.image(), old)).as("the image is the old epoch").isEqualTo(-1);
    replica.run(Direction.PUSH);
    replica.assertSame();
  }
}
