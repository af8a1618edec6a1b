package snapferry.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;

/**
 * A run that is over.
 *
 * @param pair what was replicated where
 * @param begun when it began
 * @param took how long it took
 * @param exit how it ended
 * @param message why it failed, or its first warning; null if there was nothing to say
 * @param identity whom the source knows the standby as; null if that was not found out here
 * @param achievement null for a run that failed
 */
public record RunRecord(
    Pair pair,
    Instant begun,
    Duration took,
    ExitCode exit,
    @Nullable String message,
    @Nullable UUID identity,
    @Nullable Achievement achievement) {
  /** The same run, of which more is known. */
  public RunRecord with(Achievement known) {
    return new RunRecord(pair, begun, took, exit, message, identity, known);
  }

  /** When it ended. */
  public Instant ended() {
    return begun.plus(took);
  }

  /** Whether the standby got its epoch. */
  public boolean isWell() {
    return Severity.isWell(exit);
  }
}
