package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/bench}, on small images: that it measures, not what comes out. */
@NullMarked
@Timeout(180)
class BenchIT {
  private static final Path BENCH = Program.BASE.resolve("scripts/bench");

  @TempDir private Path directory;

  @Test
  void itMeasuresBothEndsOfEveryRunAndJudgesThem() throws Exception {
    Path figures = directory.resolve("figures.json");
    Path drawing = directory.resolve("figures.svg");
    Outcome outcome =
        bench(Program.LAUNCHER, "scattered,idle", "--json", "" + figures, "--svg", "" + drawing);
    assertThat(outcome.exit()).as("%s", outcome).isZero();
    assertThat(outcome.out()).contains("scattered: 1 % of all 4 KiB pages", "idle: ", "target ");
    assertThat(Files.readString(drawing)).startsWith("<svg").contains("</svg>");

    String json = Files.readString(figures);
    assertThat(json)
        .contains("\"machine\": {", "\"date\": ", "\"command\": ", "\"seed\": 1", "\"runs\": 1")
        .contains("\"missing\": [", "\"cases\": [", "\"name\": \"idle\"");
    String measured = json.substring(json.indexOf("\"name\": \"snapferry\""));
    for (String field :
        List.of("wall", "cpuNear", "cpuFar", "rssNear", "rssFar", "up", "down", "written")) {
      assertThat(measured).containsPattern("^[^}]*\"" + field + "\": (0\\.)?\\d*[1-9]");
    }
    assertThat(json).containsPattern("\"text\": \"memory here ≤ 200 MB\",\\s+\"value\": \\d");
    assertThat(leftBehind()).containsExactlyInAnyOrder(figures, drawing);
  }

  @Test
  void aTargetThatIsNotTheSourceIsAFailureWithoutFigures() throws Exception {
    Path idler = directory.resolve("idler");
    Files.writeString(idler, "#!/bin/sh\nexit 0\n");
    assertThat(idler.toFile().setExecutable(true)).isTrue();
    Outcome outcome = bench(idler, "contact");
    assertThat(outcome.exit()).as("%s", outcome).isOne();
    assertThat(outcome.err()).contains("contact: snapferry FAILED: the target is not what");
    assertThat(outcome.out()).containsPattern("snapferry +failed");
    assertThat(leftBehind()).containsExactly(idler);
  }

  @Test
  void aScenarioThatDoesNotExistIsNamedWithThoseThatDo() throws Exception {
    Outcome outcome = bench(Program.LAUNCHER, "speed");
    assertThat(outcome.exit()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains("there is no scenario speed", "seed, identical, scattered");
  }

  private Outcome bench(Path launcher, String scenario, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(BENCH.toString(), "--quick", "--size", "32M"));
    command.addAll(List.of("--snapferry", launcher.toString(), "--scenario", scenario));
    command.addAll(List.of("--dir", directory.toString()));
    command.addAll(List.of(options));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(150, TimeUnit.SECONDS)).as("ended").isTrue();
      return new Outcome(process.exitValue(), text(out), text(err));
    } finally {
      process.destroy();
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private List<Path> leftBehind() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
