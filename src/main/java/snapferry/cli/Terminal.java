package snapferry.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The terminal behind stderr or stdout. {@link System#console} does not know it: there is none when
 * stdin or stdout lead elsewhere. Found without native code, which would cost more than the rest of
 * the start.
 *
 * @param device its path
 */
record Terminal(Path device) {
  private static final Path STDOUT = Path.of("/proc/self/fd/1");
  private static final Path STDERR = Path.of("/proc/self/fd/2");
  private static final Pattern NAMES = Pattern.compile("/dev/(pts/\\d+|tty.*|console|hvc\\d+)");
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d{1,4})\\s*");
  private static final int MIN_WIDTH = 20;
  private static final int DEFAULT_WIDTH = 80;

  /** The terminal, or null when stderr is none. */
  static @Nullable Terminal ofStandardError() {
    return behind(STDERR);
  }

  /** The terminal, or null when stdout is none. */
  static @Nullable Terminal ofStandardOutput() {
    return behind(STDOUT);
  }

  private static @Nullable Terminal behind(Path descriptor) {
    try {
      Path target = Files.readSymbolicLink(descriptor);
      return NAMES.matcher(target.toString()).matches() ? new Terminal(target) : null;
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }

  /** How many columns it has; asks stty. */
  int width() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(device.toFile())
              .redirectError(new File("/dev/null"))
              .start();
      try (InputStream answer = stty.getInputStream()) {
        Matcher size = SIZE.matcher(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
        int width = size.matches() ? Integer.parseInt(size.group(1)) : 0;
        stty.waitFor(1, TimeUnit.SECONDS);
        return width < MIN_WIDTH ? DEFAULT_WIDTH : width;
      }
    } catch (IOException e) {
      return DEFAULT_WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DEFAULT_WIDTH;
    }
  }
}
