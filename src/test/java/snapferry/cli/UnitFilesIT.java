package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd says of the units that are shipped. */
@NullMarked
class UnitFilesIT {
  private static final Path UNITS =
      Path.of(Objects.requireNonNull(System.getProperty("snapferry.basedir")), "src/main/systemd");

  @TempDir private Path directory;

  @Test
  void systemdFindsNothingWrong() throws Exception {
    assumeTrue(
        Stream.of("/usr/bin", "/bin")
            .anyMatch(each -> Files.exists(Path.of(each, "systemd-analyze"))),
        "systemd-analyze is not there");
    List<String> words = new ArrayList<>(List.of("systemd-analyze", "verify"));
    try (Stream<Path> units = Files.list(UNITS)) {
      for (Path unit : units.toList()) {
        String name = unit.getFileName().toString().replace("@.", "@web.");
        // Where it is installed to, there is nothing in a test.
        Path copy =
            Files.writeString(
                directory.resolve(name),
                Files.readString(unit)
                    .replace("/usr/local/bin/snapferry", Launcher.program().toString()));
        words.add(copy.toString());
      }
    }
    assertThat(words).hasSizeGreaterThan(4);
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(output).isEmpty();
    assertThat(process.waitFor()).isZero();
  }
}
