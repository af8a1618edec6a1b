package snapferry.cli;

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
      description =
          "After how much silence the other end counts as dead, from 3 to 3600. Default:"
              + " "
              + ServeArguments.DEFAULT_TIMEOUT
              + ".")
  private @Nullable String timeout;

  @Option(
      names = ServeArguments.BWLIMIT,
      paramLabel = "RATE",
      description =
          "Send at most so many KiB a second, or with a suffix K, M or G. Default: 0, no limit.")
  private @Nullable String rate;

  @Option(
      names = ServeArguments.COMPRESS,
      paramLabel = "lz4|none",
      description = "Whether to compress what is sent. Default: lz4.")
  private @Nullable String compress;

  @Option(
      names = ServeArguments.MATCH,
      paramLabel = "MODE",
      description =
          "Whether to find data that moved and copy it on the standby instead of sending it: off,"
              + " sector (moved by multiples of 512 bytes), byte (by any distance, however long it"
              + " takes) or auto (by any distance, as far as it costs next to nothing). Default:"
              + " auto.")
  private @Nullable String match;

  @Option(
      names = ServeArguments.MATCH_MEMORY,
      paramLabel = "SIZE",
      description =
          "Most memory for finding data that moved, from 1M to 64G; on a volume that is too large"
              + " for it, what is long is still found. Default: 256M.")
  private @Nullable String matchMemory;

  /** How sessions of this run behave. */
  Session.Settings settings() throws Failure {
    MatchLimits usual = MatchLimits.DEFAULT;
    return new Session.Settings(
        timeout == null ? ServeArguments.DEFAULT_TIMEOUT : OptionValue.timeout(timeout),
        rate == null ? 0 : OptionValue.rate(ServeArguments.BWLIMIT, rate),
        compress == null || OptionValue.compression(compress),
        new MatchLimits(
            match == null ? usual.mode() : OptionValue.matching(match),
            matchMemory == null
                ? usual.memory()
                : OptionValue.memory(ServeArguments.MATCH_MEMORY, matchMemory)),
        null,
        Software.nameAndVersion());
  }

  /** Refuses values that make no sense. */
  void check() throws Failure {
    settings();
    ShellWords.split(RSH, rsh);
    ShellWords.split(REMOTE_COMMAND, remoteCommand);
  }

  /** Tells the far end. */
  void tell(ServeWords words) {
    words
        .add(ServeArguments.STATE_DIR, remoteStateDirectory)
        .add(ServeArguments.TIMEOUT, timeout)
        .add(ServeArguments.BWLIMIT, rate)
        .add(ServeArguments.COMPRESS, compress)
        .add(ServeArguments.MATCH, match)
        .add(ServeArguments.MATCH_MEMORY, matchMemory);
  }

  /** Starts the far end. */
  RemoteShell connect(Endpoint.Remote remote, ServeWords words) throws Failure {
    return RemoteShell.start(
        ShellWords.split(RSH, rsh),
        remote,
        ShellWords.split(REMOTE_COMMAND, remoteCommand),
        words.list());
  }
}
