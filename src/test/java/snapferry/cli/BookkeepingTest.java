package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.config.Configuration;
import snapferry.config.ConfigurationText;
import snapferry.failure.ExitCode;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.Pair;
import snapferry.ledger.RunRecord;

/** What is on record of a run does not depend on what can be seen of its standby afterwards. */
@NullMarked
class BookkeepingTest {
  private static final String ROOT = "0123456789abcdef".repeat(4);

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir private Path directory;

  private Bookkeeping books() throws Exception {
    String text =
        "[volume.web]\nsource = \"%1$s/web.img\"\nstandby.here.target = \"%1$s/here.img\"\n"
            .formatted(directory);
    Configuration configuration =
        new ConfigurationText(new ConfigurationText.File("s.toml", text), List.of()).parse();
    return Bookkeeping.of(configuration, directory, directory.resolve("snapferry.prom"));
  }

  private Report report() {
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Report(new OutputOptions(), stream, stream, Progress.NONE, null);
  }

  private static RunRecord well(long epoch) {
    return new RunRecord(
        new Pair("web", "here"),
        Instant.parse("2026-03-01T10:00:00Z"),
        Duration.ofSeconds(1),
        ExitCode.DONE,
        null,
        new UUID(1, 2),
        new Achievement(ROOT, "scan", Map.of(Count.EPOCH, epoch), null));
  }

  @Test
  void aRunIsOnRecordAlsoWhenItsStandbyCannotBeLookedAt() throws Exception {
    Files.createDirectories(directory.resolve("here.img.snapferry/manifest")); // No file to read.
    books().record(well(7), report());
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(Files.readAllLines(directory.resolve("runs.jsonl")))
        .singleElement()
        .asString()
        .contains("\"volume\":\"web\"", "\"standby\":\"here\"", "\"exit\":0", "\"epoch\":7");
    assertThat(directory.resolve("snapferry.prom"))
        .content()
        .contains("snapferry_epoch{volume=\"web\",standby=\"here\"} 7\n");
  }
}
