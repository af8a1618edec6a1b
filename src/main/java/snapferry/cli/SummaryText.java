package snapferry.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.delta.RootHash;
import snapferry.failure.ExitCode;
import snapferry.replicate.Summary;
import snapferry.wire.Patrolled;
import snapferry.wire.Purpose;

/** A {@link Summary} as a line, as a table and as JSON. */
final class SummaryText {
  private SummaryText() {}

  /** One line for people. */
  static String line(Summary summary, Purpose purpose) {
    return "%s: %s; read %s of %s, sent %s, received %s, wrote %s%s in %s"
        .formatted(
            summary.volume(),
            result(summary, purpose),
            Amount.bytes(summary.bytesRead()),
            Amount.bytes(summary.bytesTotal()),
            Amount.bytes(summary.bytesSent()),
            Amount.bytes(summary.bytesReceived()),
            Amount.bytes(summary.bytesWritten()),
            patrol(summary.patrolled()),
            Amount.seconds(seconds(summary)));
  }

  private static String patrol(@Nullable Patrolled patrolled) {
    return patrolled == null
        ? ""
        : ", patrolled %s (%d %% within the period)%s"
            .formatted(
                Amount.bytes(patrolled.bytes()),
                patrolled.coverage(),
                patrolled.found() == 0
                    ? ""
                    : " and repaired " + Amount.count(patrolled.found(), "block"));
  }

  private static String result(Summary summary, Purpose purpose) {
    boolean same = summary.blocksChanged() == 0;
    String blocks = Amount.count(summary.blocksChanged(), "block");
    return switch (purpose) {
      case REPLICATE ->
          "epoch %d (root %s), %s changed"
              .formatted(summary.epoch(), summary.root().brief(), same ? "nothing" : blocks);
      case DRY_RUN -> "dry run, " + (same ? "nothing" : blocks) + " would change";
      case VERIFY -> same ? "identical" : "DIFFERENT in " + blocks + first(summary);
    };
  }

  private static String first(Summary summary) {
    return summary.firstDifference() < 0
        ? ""
        : ", the first at offset " + summary.firstDifference();
  }

  private static double seconds(Summary summary) {
    return (double) summary.nanos() / TimeUnit.SECONDS.toNanos(1);
  }

  /** All counters, a line each, for people. */
  static List<String> table(Summary summary) {
    List<String> rows = new ArrayList<>();
    rows.add(row("size of the volume", summary.bytesTotal()));
    rows.add(row("read from the source", summary.bytesRead()));
    rows.add(row("read from the standby", summary.basisRead()));
    rows.add(row("sent", summary.bytesSent()));
    rows.add(row("received", summary.bytesReceived()));
    rows.add(row("written to the image", summary.bytesWritten()));
    rows.add(row("journal", summary.journalBytes()));
    rows.add(row("became zero", summary.zeroBytes()));
    rows.add(row("sent as literals", summary.literalBytes()));
    rows.add(row("copied within", summary.copiedBytes()));
    Patrolled patrolled = summary.patrolled();
    if (patrolled != null) {
      rows.add(row("patrolled", patrolled.bytes()));
      rows.add("%-22s %25s".formatted("found by the patrol", Amount.count(patrolled.found())));
      rows.add("%-22s %23d %%".formatted("patrol coverage", patrolled.coverage()));
      Duration age = Duration.ofSeconds(patrolled.ageSeconds());
      rows.add("%-22s %25s".formatted("longest unpatrolled", Amount.age(age)));
    }
    rows.add("%-22s %25s".formatted("blocks changed", Amount.count(summary.blocksChanged())));
    rows.add("%-22s %25s".formatted("change source", summary.changeSource()));
    rows.add("%-22s %25s".formatted("time", Amount.seconds(seconds(summary))));
    rows.add(ratio("volume / line", summary.bytesTotal(), line(summary)));
    rows.add(ratio("literals / line", summary.literalBytes(), line(summary)));
    return rows;
  }

  private static long line(Summary summary) {
    return summary.bytesSent() + summary.bytesReceived();
  }

  private static String row(String name, long bytes) {
    return "%-22s %12s %12s".formatted(name, Amount.bytes(bytes), Amount.count(bytes));
  }

  private static String ratio(String name, long above, long below) {
    double ratio = below == 0 ? 0 : (double) above / below;
    return "%-22s %25s".formatted(name, String.format(Locale.ROOT, "%.2f", ratio));
  }

  /**
   * The fields of the event {@code summary}, always all of them; what a failed run did not get to
   * know is empty or 0.
   *
   * @param source stands for the volume when it has no better name yet
   */
  static void fields(JsonGenerator event, String source, @Nullable Summary summary, ExitCode exit)
      throws IOException {
    fields(event, summary == null ? nothing(source) : summary, exit);
  }

  private static void fields(JsonGenerator event, Summary summary, ExitCode exit)
      throws IOException {
    boolean named = !summary.root().equals(RootHash.NONE);
    event.writeStringField("volume", summary.volume());
    event.writeNumberField("epoch", summary.epoch());
    event.writeStringField("root", named ? summary.root().toString() : "");
    event.writeStringField("changeSource", summary.changeSource());
    event.writeNumberField("bytesTotal", summary.bytesTotal());
    event.writeNumberField("bytesRead", summary.bytesRead());
    event.writeNumberField("bytesSent", summary.bytesSent());
    event.writeNumberField("bytesReceived", summary.bytesReceived());
    event.writeNumberField("bytesWritten", summary.bytesWritten());
    event.writeNumberField("blocksChanged", summary.blocksChanged());
    event.writeNumberField("zeroBytes", summary.zeroBytes());
    event.writeNumberField("literalBytes", summary.literalBytes());
    event.writeNumberField("copiedBytes", summary.copiedBytes());
    event.writeNumberField("seconds", seconds(summary));
    event.writeStringField("result", exit.meaning());
    event.writeNumberField("basisRead", summary.basisRead());
    event.writeNumberField("journalBytes", summary.journalBytes());
    event.writeNumberField("exit", exit.code());
    Patrolled patrolled = summary.patrolled();
    event.writeNumberField("patrolled", patrolled == null ? 0 : patrolled.bytes());
    event.writeNumberField("patrolFound", patrolled == null ? 0 : patrolled.found());
    event.writeNumberField("patrolCoverage", patrolled == null ? 0 : patrolled.coverage());
    event.writeNumberField("patrolAgeSeconds", patrolled == null ? 0 : patrolled.ageSeconds());
  }

  private static Summary nothing(String source) {
    String volume = source.substring(source.lastIndexOf('/') + 1);
    return new Summary(
        volume, 0, RootHash.NONE, "", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, null, 0, null);
  }
}
