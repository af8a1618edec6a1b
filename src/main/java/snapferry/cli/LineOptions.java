package snapferry.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import snapferry.delta.MatchLimits;
import snapferry.failure.Failure;
import snapferry.replicate.Session;
import snapferry.ssh.Endpoint;
import snapferry.ssh.RemoteShell;
import snapferry.ssh.ShellWords;

/** The line to the other end: how it is reached and how it is used. */
final class LineOptions {
  private static final String RSH = "--rsh";
  private static final String REMOTE_COMMAND = "--remote-command";

  @Option(
      names = {"-e", RSH},
      paramLabel = "COMMAND",
      defaultValue = "ssh",
      description =
          "The remote shell and its options, as in 'ssh -p 2222'; split at blanks, quotes keep"
              + " words together. Default: ${DEFAULT-VALUE}.")
  private String rsh = "";

  @Option(
      names = REMOTE_COMMAND,
      paramLabel = "PATH",
      defaultValue = "snapferry",
      description = "What snapferry is called on the host. Default: ${DEFAULT-VALUE}.")
  private String remoteCommand = "";

  @Option(
      names = "--remote-state-dir",
      paramLabel = "DIR",
      description = "The state directory on the host.")
  private @Nullable String remoteStateDirectory;

  @Option(
      names = ServeArguments.TIMEOUT,
      paramLabel = "SECONDS",
      defaultValue = "" + ServeArguments.DEFAULT_TIMEOUT,
      description =
          "After how much silence the other end counts as dead, from 3 to 3600. Default:"
              + " ${DEFAULT-VALUE}.")
  private String timeout = "";

  @Option(
      names = ServeArguments.BWLIMIT,
      paramLabel = "RATE",
      defaultValue = "0",
      description =
          "Send at most so many KiB a second, or with a suffix K, M or G. Default: 0, no limit.")
  private String rate = "";

  @Option(
      names = ServeArguments.COMPRESS,
      paramLabel = "lz4|none",
      defaultValue = "lz4",
      description = "Whether to compress what is sent. Default: ${DEFAULT-VALUE}.")
  private String compress = "";

  @Option(
      names = ServeArguments.MATCH,
      paramLabel = "MODE",
      defaultValue = "auto",
      description =
          "Whether to find data that moved and copy it on the standby instead of sending it: off,"
              + " sector (moved by multiples of 512 bytes), byte (by any distance, however long it"
              + " takes) or auto (by any distance, as far as it costs next to nothing). Default:"
              + " ${DEFAULT-VALUE}.")
  private String match = "";

  @Option(
      names = ServeArguments.MATCH_MEMORY,
      paramLabel = "SIZE",
      defaultValue = "256M",
      description =
          "Most memory for finding data that moved, from 1M to 64G; on a volume that is too large"
              + " for it, what is long is still found. Default: ${DEFAULT-VALUE}.")
  private String matchMemory = "";

  /** How sessions of this run behave. */
  Session.Settings settings() throws Failure {
    return new Session.Settings(
        OptionValue.timeout(timeout),
        OptionValue.rate(ServeArguments.BWLIMIT, rate),
        OptionValue.compression(compress),
        new MatchLimits(
            OptionValue.matching(match),
            OptionValue.memory(ServeArguments.MATCH_MEMORY, matchMemory)),
        Software.nameAndVersion());
  }

  /**
   * Starts the far end. What it is to do otherwise than by default is told to it.
   *
   * @param more words for {@code serve} that are not about the line
   */
  RemoteShell connect(Endpoint.Remote remote, List<String> more) throws Failure {
    Session.Settings settings = settings();
    List<String> options = new ArrayList<>(more);
    if (remoteStateDirectory != null) {
      options.addAll(List.of(ServeArguments.STATE_DIR, remoteStateDirectory));
    }
    if (settings.timeoutSeconds() != ServeArguments.DEFAULT_TIMEOUT) {
      options.addAll(List.of(ServeArguments.TIMEOUT, Integer.toString(settings.timeoutSeconds())));
    }
    if (settings.bytesPerSecond() != 0) {
      options.addAll(
          List.of(ServeArguments.BWLIMIT, OptionValue.rateText(settings.bytesPerSecond())));
    }
    if (!settings.compress()) {
      options.addAll(List.of(ServeArguments.COMPRESS, compress));
    }
    if (settings.matching().mode() != MatchLimits.DEFAULT.mode()) {
      options.addAll(List.of(ServeArguments.MATCH, match));
    }
    if (settings.matching().memory() != MatchLimits.DEFAULT.memory()) {
      options.addAll(List.of(ServeArguments.MATCH_MEMORY, matchMemory));
    }
    return RemoteShell.start(
        ShellWords.split(RSH, rsh),
        remote,
        ShellWords.split(REMOTE_COMMAND, remoteCommand),
        options);
  }
}
