package snapferry.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where results go. */
final class StandardOutput {
  private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

  private StandardOutput() {}

  /** The stream, which nothing buffers and nobody else prints to. */
  static OutputStream open() {
    return new FileOutputStream(FileDescriptor.out);
  }

  /**
   * Whether something that was printed to {@code out}, which leads there, was lost. That nobody
   * reads any more is no loss.
   */
  static boolean hasLost(PrintStream out) {
    return out.checkError() && !isPipe();
  }

  /**
   * Whether it is a pipe or a socket: that it cannot be written to then means that nobody reads, as
   * behind {@code head -1}.
   */
  private static boolean isPipe() {
    try {
      String target = Files.readSymbolicLink(DESCRIPTOR).toString();
      return target.startsWith("pipe:") || target.startsWith("socket:");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
