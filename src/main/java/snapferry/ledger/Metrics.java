package snapferry.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The ledger in the text format of Prometheus, version 0.0.4, as node_exporter's textfile collector
 * reads it: a gauge per volume and standby. What is not known has no line.
 */
public final class Metrics {
  private static final double MILLIS = 1000;
  private static final double PERCENT = 100;

  private final Ledger ledger;
  private final List<Pair> pairs;
  private final StringBuilder text = new StringBuilder();

  private Metrics(Ledger ledger, List<Pair> pairs) {
    this.ledger = ledger;
    this.pairs = pairs;
  }

  /** A number that a run tells, or null. */
  private interface Value {
    @Nullable Number of(RunRecord run);
  }

  /** The metrics of {@code pairs}. */
  public static String text(Ledger ledger, List<Pair> pairs) {
    return new Metrics(ledger, pairs).text();
  }

  private String text() {
    last("last_run_timestamp_seconds", "When the last run ended.", run -> seconds(run.ended()));
    last("last_run_exit_code", "How the last run ended, 0 is done.", run -> run.exit().code());
    last("last_run_success", "Whether the last run went well.", run -> run.isWell() ? 1 : 0);
    last(
        "last_run_duration_seconds",
        "How long the last run took.",
        run -> run.took().toMillis() / MILLIS);
    last("last_run_read_bytes", "Bytes that it read from the source.", count(Count.BYTES_READ));
    last("last_run_sent_bytes", "Bytes that it sent.", count(Count.BYTES_SENT));
    last("last_run_received_bytes", "Bytes that it received.", count(Count.BYTES_RECEIVED));
    last("last_run_written_bytes", "Bytes that it wrote to the image.", count(Count.BYTES_WRITTEN));
    last("last_run_journal_bytes", "Bytes of its journal.", count(Count.JOURNAL_BYTES));
    last(
        "last_run_patrolled_bytes",
        "Bytes that it read at both ends only to see whether they are right.",
        count(Count.PATROLLED));
    last(
        "last_run_patrol_found_blocks",
        "Blocks that its patrol found to be wrong, and made right.",
        count(Count.PATROL_FOUND));
    lastWell(
        "patrol_coverage_ratio",
        "How much of the volume was verified at both ends within the period.",
        run -> ratio(count(Count.PATROL_COVERAGE).of(run)));
    lastWell(
        "patrol_age_seconds",
        "How long ago the part was verified that waits the longest.",
        count(Count.PATROL_AGE));
    lastWell(
        "verified_timestamp_seconds",
        "When the standby was last compared as a whole, and equal.",
        Metrics::verified);
    lastWell(
        "snapshot_fill_ratio",
        "How full the snapshot is that is kept of the source for the standby.",
        run -> ratio(count(Count.SNAPSHOT_FILL).of(run)));
    lastWell(
        "last_success_timestamp_seconds",
        "When the last run that went well began: the standby is as old.",
        run -> seconds(run.begun()));
    lastWell("epoch", "The epoch that the standby got by it.", count(Count.EPOCH));
    lastWell("volume_size_bytes", "The size of the volume then.", count(Count.BYTES_TOTAL));
    return text.toString();
  }

  private static Value count(Count count) {
    return run -> {
      Achievement achievement = run.achievement();
      return achievement == null ? null : achievement.counts().get(count);
    };
  }

  private static @Nullable Number ratio(@Nullable Number percent) {
    return percent == null ? null : percent.doubleValue() / PERCENT;
  }

  private static @Nullable Number verified(RunRecord run) {
    Number age = count(Count.VERIFY_AGE).of(run);
    return age == null ? null : seconds(run.ended().minusSeconds(age.longValue()));
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / MILLIS;
  }

  private void last(String name, String meaning, Value value) {
    gauge(name, meaning, pairs.stream().map(ledger::last).toList(), value);
  }

  private void lastWell(String name, String meaning, Value value) {
    gauge(name, meaning, pairs.stream().map(ledger::lastWell).toList(), value);
  }

  private void gauge(
      String name, String meaning, List<? extends @Nullable RunRecord> runs, Value value) {
    List<String> samples = new ArrayList<>();
    for (RunRecord run : runs) {
      Number number = run == null ? null : value.of(run);
      if (run != null && number != null) {
        samples.add(sample(name, run.pair(), number));
      }
    }
    if (!samples.isEmpty()) {
      text.append("# HELP snapferry_").append(name).append(' ').append(meaning).append('\n');
      text.append("# TYPE snapferry_").append(name).append(" gauge\n");
      samples.forEach(text::append);
    }
  }

  /** The names need no escape: {@link Pair} allows nothing that does. */
  private static String sample(String name, Pair pair, Number number) {
    String value =
        number instanceof Double d
            ? String.format(Locale.ROOT, "%.3f", d)
            : Long.toString(number.longValue());
    return "snapferry_%s{volume=\"%s\",standby=\"%s\"} %s\n"
        .formatted(name, pair.volume(), pair.standby(), value);
  }
}
