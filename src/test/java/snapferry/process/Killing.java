package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullMarked;
import snapferry.failure.ExitCode;

/**
 * A run of which one end is killed at some moment, and what became of the other.
 *
 * @param replica between what
 * @param direction who starts it
 * @param victim the end that is killed
 * @param moment when
 */
@NullMarked
record Killing(Replica replica, Replica.Direction direction, Victim victim, Moment moment) {
  /** The end that is killed, as the operator sees it. */
  enum Victim {
    NEAR,
    FAR
  }

  private static final Duration DEADLINE = Duration.ofSeconds(15);
  private static final long LOOK_NANOS = 50_000;

  /**
   * Does it: the other end must notice and say so, and nothing of the run be left.
   *
   * @return whether the run was over before the moment came
   */
  boolean run(String... options) throws Exception {
    try (Program program = replica.start(direction, options)) {
      while (program.isAlive() && !(moment.condition().holds() && canKill())) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      if (!program.isAlive()) {
        Outcome outcome = program.await();
        assertThat(outcome.exit()).as("%s", outcome).isZero();
        replica.assertSame();
        return true;
      }
      if (victim == Victim.NEAR) {
        program.handle().destroyForcibly();
        replica.assertNobodyIsLeft(DEADLINE);
        OptionalInt exit = replica.farExit();
        if (exit.isPresent()) {
          assertEndedWell(exit.getAsInt(), "the far end");
        }
      } else {
        replica.farEnd().ifPresent(ProcessHandle::destroyForcibly);
        Outcome outcome = program.await(DEADLINE);
        assertEndedWell(outcome.exit(), outcome.toString());
        replica.assertNobodyIsLeft(DEADLINE);
      }
      return false;
    }
  }

  private boolean canKill() throws Exception {
    return victim == Victim.NEAR || replica.farEnd().isPresent();
  }

  /** It noticed, or it was through. */
  private void assertEndedWell(int exit, String what) throws Exception {
    if (exit == ExitCode.DONE.code()) {
      replica.assertSame();
    } else {
      assertThat(exit).as(what).isEqualTo(ExitCode.TRANSPORT.code());
    }
  }
}
