package snapferry.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real loop device over a file, detached on close; and what real-device tests need of the shell.
 */
public final class LoopDevice implements AutoCloseable {
  private final Path node;

  private LoopDevice(Path node) {
    this.node = node;
  }

  /** Attaches {@code file}, with these options of losetup(8). */
  public static LoopDevice over(Path file, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("losetup", "--find", "--show"));
    command.addAll(List.of(options));
    command.add(file.toString());
    return new LoopDevice(Path.of(run(command.toArray(String[]::new)).strip()));
  }

  /**
   * Whether this machine lets us attach a loop device: root, losetup and a kernel that has them.
   */
  public static boolean available() throws IOException {
    Path file = Files.createTempFile("snapferry", ".loop");
    try {
      Files.write(file, new byte[4096]);
      over(file).close();
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      Files.delete(file);
    }
  }

  /** Its node in {@code /dev}. */
  public Path node() {
    return node;
  }

  /** Whoever gets the node next would find it read-only still, if a test had made it so. */
  @Override
  public void close() throws IOException {
    run("blockdev", "--setrw", node.toString());
    run("losetup", "--detach", node.toString());
  }

  /** Runs a command to its end and returns what it printed; fails unless it exits with 0. */
  public static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return output;
  }
}
