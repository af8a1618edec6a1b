package snapferry.cli;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * No test of the lab begins later than {@code -Dsnapferry.labSeconds=N} after the first: guests of
 * a machine on which page faults are dear take many times as long. What is left out so is skipped
 * by name.
 */
@NullMarked
final class LabBudget implements ExecutionCondition {
  private static final long SECONDS = Long.getLong("snapferry.labSeconds", Long.MAX_VALUE);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<?> method = context.getTestMethod();
    long upMillis = ManagementFactory.getRuntimeMXBean().getUptime();
    return method.isPresent() && Duration.ofMillis(upMillis).toSeconds() >= SECONDS
        ? ConditionEvaluationResult.disabled(
            "the lab's share is over after " + SECONDS + " s: scripts/lab test --all runs this")
        : ConditionEvaluationResult.enabled("in time");
  }
}
