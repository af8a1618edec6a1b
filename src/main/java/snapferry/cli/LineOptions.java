package snapferry.cli;

import snapferry.delta.MatchLimits;
import snapferry.failure.Failure;
import snapferry.replicate.Session;
import snapferry.ssh.Endpoint;
import snapferry.ssh.RemoteShell;
import snapferry.ssh.ShellWords;

/** The line to the other end: how it is reached and how it is used. */
final class LineOptions extends OptionGroup {
  private static final String RSH = "--rsh";
  private static final String REMOTE_COMMAND = "--remote-command";

  private final Option rsh =
      with(
          Option.withDefault(
              "ssh",
              "-e, " + RSH,
              "COMMAND",
              "The remote shell and its options, as in 'ssh -p 2222'; split at blanks, quotes keep"
                  + " words together. Default: ${DEFAULT-VALUE}."));

  private final Option remoteCommand =
      with(
          Option.withDefault(
              "snapferry",
              REMOTE_COMMAND,
              "PATH",
              "What snapferry is called on the host. Default: ${DEFAULT-VALUE}."));

  private final Option remoteStateDirectory =
      with(Option.of("--remote-state-dir", "DIR", "The state directory on the host."));

  private final Option timeout =
      with(
          Option.of(
              ServeArguments.TIMEOUT,
              "SECONDS",
              "After how much silence the other end counts as dead, from 3 to 3600. Default:"
                  + " "
                  + ServeArguments.DEFAULT_TIMEOUT
                  + "."));

  private final Option rate =
      with(
          Option.of(
              ServeArguments.BWLIMIT,
              "RATE",
              "Send at most so many KiB a second, or with a suffix K, M or G. Default: 0, no limit."));

  private final Option compress =
      with(
          Option.of(
              ServeArguments.COMPRESS,
              "lz4|none",
              "Whether to compress what is sent. Default: lz4."));

  private final Option match =
      with(
          Option.of(
              ServeArguments.MATCH,
              "MODE",
              "Whether to find data that moved and copy it on the standby instead of sending it: off,"
                  + " sector (moved by multiples of 512 bytes), byte (by any distance, however long it"
                  + " takes) or auto (by any distance, as far as it costs next to nothing). Default:"
                  + " auto."));

  private final Option matchMemory =
      with(
          Option.of(
              ServeArguments.MATCH_MEMORY,
              "SIZE",
              "Most memory for finding data that moved, from 1M to 64G; on a volume that is too large"
                  + " for it, what is long is still found. Default: 256M."));

  /** How sessions of this run behave. */
  Session.Settings settings() throws Failure {
    MatchLimits usual = MatchLimits.DEFAULT;
    return new Session.Settings(
        timeout.text() == null
            ? ServeArguments.DEFAULT_TIMEOUT
            : OptionValue.timeout(timeout.text()),
        rate.text() == null ? 0 : OptionValue.rate(ServeArguments.BWLIMIT, rate.text()),
        compress.text() == null || OptionValue.compression(compress.text()),
        new MatchLimits(
            match.text() == null ? usual.mode() : OptionValue.matching(match.text()),
            matchMemory.text() == null
                ? usual.memory()
                : OptionValue.memory(ServeArguments.MATCH_MEMORY, matchMemory.text())),
        null,
        Software.nameAndVersion());
  }

  /** Refuses values that make no sense. */
  void check() throws Failure {
    settings();
    ShellWords.split(RSH, rsh.value());
    ShellWords.split(REMOTE_COMMAND, remoteCommand.value());
  }

  /** Tells the far end. */
  void tell(ServeWords words) {
    words
        .add(ServeArguments.STATE_DIR, remoteStateDirectory.text())
        .add(ServeArguments.TIMEOUT, timeout.text())
        .add(ServeArguments.BWLIMIT, rate.text())
        .add(ServeArguments.COMPRESS, compress.text())
        .add(ServeArguments.MATCH, match.text())
        .add(ServeArguments.MATCH_MEMORY, matchMemory.text());
  }

  /** Starts the far end. */
  RemoteShell connect(Endpoint.Remote remote, ServeWords words) throws Failure {
    return RemoteShell.start(
        ShellWords.split(RSH, rsh.value()),
        remote,
        ShellWords.split(REMOTE_COMMAND, remoteCommand.value()),
        words.list());
  }
}
