package snapferry.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Where state is kept that has no place beside an image. */
final class StateRoot {
  private static final String VARIABLE = "SNAPFERRY_STATE_DIR";
  private static final String NAME = "snapferry";

  private StateRoot() {}

  /**
   * The directory.
   *
   * @param option what the command line says; null when it says nothing
   */
  static Path of(@Nullable Path option) {
    return of(
        option, System.getenv(), System.getProperty("user.name"), System.getProperty("user.home"));
  }

  static Path of(@Nullable Path option, Map<String, String> environment, String user, String home) {
    if (option != null) {
      return option;
    }
    String own = environment.getOrDefault(VARIABLE, "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    if (user.equals("root")) {
      return Path.of("/var/lib", NAME);
    }
    String states = environment.getOrDefault("XDG_STATE_HOME", "");
    // The XDG specification: a relative path is to be ignored.
    return states.startsWith("/") ? Path.of(states, NAME) : Path.of(home, ".local", "state", NAME);
  }

  /**
   * Where sockets and the like are kept, which mean nothing after the next start of the machine.
   *
   * @param root whether root runs this
   */
  static Path runtime(boolean root) throws Failure {
    if (root) {
      return Path.of("/run", NAME);
    }
    String own = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "");
    if (!own.startsWith("/")) {
      throw new Failure(
          ExitCode.USAGE, "$XDG_RUNTIME_DIR, which is needed for a mount, is not set");
    }
    return Path.of(own, NAME);
  }
}
