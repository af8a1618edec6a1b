package snapferry.device;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import snapferry.failure.Failure;

/**
 * What a test has another process do: {@code lock DIRECTORY}, {@code target PATH}. Says how it
 * went, ends with stdin.
 */
final class OtherProcess implements AutoCloseable {
  private final Process process;

  private OtherProcess(Process process) {
    this.process = process;
  }

  public static void main(String[] arguments) throws IOException {
    Path path = Path.of(arguments[1]);
    try (AutoCloseable opened =
        arguments[0].equals("lock") ? LocalStateDirectory.open(path) : Volumes.openTarget(path)) {
      System.out.println("opened");
      System.in.read();
    } catch (Failure e) {
      System.out.println(e.exit() + " " + e.getMessage());
    } catch (Exception e) {
      System.out.println(e);
    }
  }

  /**
   * @param prefix a command that runs its arguments, for instance as another user; may be empty
   */
  static OtherProcess start(List<String> prefix, String action, Path path) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(home(Volumes.class) + ":" + home(OtherProcess.class));
    command.addAll(List.of(OtherProcess.class.getName(), action, path.toString()));
    return new OtherProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** What it said: {@code opened}, or the exit code and the message of its failure. */
  String verdict() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = process.getInputStream().read();
        c >= 0 && c != '\n';
        c = process.getInputStream().read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws Exception {
    process.getOutputStream().close();
    process.waitFor();
  }
}
