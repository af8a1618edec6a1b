package snapferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Assumptions;

/** A browser without a screen, of Debian's package chromium. */
@NullMarked
final class Chromium {
  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final long LIMIT_SECONDS = 120;

  private final Path directory;

  /**
   * Skips the test by name where there is no such browser.
   *
   * @param directory for what it leaves behind
   */
  Chromium(Path directory) {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM), "no chromium here: apt-get install chromium");
    this.directory = directory;
  }

  /** The document that became of {@code page}, after whatever scripts it has. */
  String document(Path page) throws IOException, InterruptedException {
    return Files.readString(run(page, "--dump-dom"));
  }

  /** A picture of it, as PNG. */
  Path picture(Path page, int width, int height) throws IOException, InterruptedException {
    Path picture = directory.resolve("picture.png");
    run(
        page,
        "--screenshot=" + picture,
        "--hide-scrollbars",
        "--window-size=" + width + "," + height);
    return picture;
  }

  private Path run(Path page, String... wishes) throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory(directory, "profile");
    List<String> words =
        new ArrayList<>(
            List.of(
                PROGRAM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile));
    words.addAll(List.of(wishes));
    words.add(page.toUri().toString());
    Path out = directory.resolve("browser.out");
    Path err = directory.resolve("browser.err");
    Process browser =
        new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!browser.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || browser.exitValue() != 0) {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly();
      throw new AssertionError("the browser failed: " + Files.readString(err));
    }
    return out;
  }
}
