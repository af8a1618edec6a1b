package snapferry.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.ssh.Endpoint;

/** Targets of commands that work on this host only. */
final class LocalTargets {
  private LocalTargets() {}

  /**
   * Parses one.
   *
   * @param command that takes it
   * @throws Failure {@link ExitCode#USAGE} if it is on another host
   */
  static Path parse(String command, String text) throws Failure {
    Endpoint endpoint = Endpoint.parse(text);
    if (endpoint instanceof Endpoint.Local local) {
      return local.path();
    }
    throw new Failure(
        ExitCode.USAGE,
        command + " works on this host, and " + endpoint + " is on another: run it there");
  }

  /** Parses several. */
  static List<Path> parse(String command, List<String> texts) throws Failure {
    List<Path> paths = new ArrayList<>();
    for (String text : texts) {
      paths.add(parse(command, text));
    }
    return paths;
  }
}
