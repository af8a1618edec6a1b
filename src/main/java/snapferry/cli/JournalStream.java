package snapferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The journal of systemd behind stdout or stderr. A service finds device and inode of its stream in
 * {@code $JOURNAL_STREAM}, see systemd.exec(5); a child whose streams lead elsewhere inherits the
 * variable all the same.
 */
final class JournalStream {
  private static final Path STDOUT = Path.of("/proc/self/fd/1");
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  private JournalStream() {}

  /** Whether lines on stdout go to the journal. */
  static boolean isStandardOutput() {
    return isBehind(STDOUT);
  }

  /** Whether lines on stderr go to the journal. */
  static boolean isStandardError() {
    return isBehind(STDERR);
  }

  private static boolean isBehind(Path descriptor) {
    String stream = System.getenv("JOURNAL_STREAM");
    if (stream == null) {
      return false;
    }
    try {
      return stream.equals(
          Files.getAttribute(descriptor, "unix:dev")
              + ":"
              + Files.getAttribute(descriptor, "unix:ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
