package snapferry.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.SourceReading;

/**
 * How the source is read, and how much of the hosts a run takes: for both ends, each as far as it
 * concerns it.
 */
final class LoadOptions {
  private static final String CONTINUE_ON_ERROR = "--continue-on-error";

  @Option(
      names = ServeArguments.READ_LIMIT,
      paramLabel = "RATE",
      description =
          "Read at most so many KiB a second of the source, or with a suffix K, M or G. Default:"
              + " no limit.")
  private @Nullable String readLimit;

  @Option(
      names = ServeArguments.CACHE,
      paramLabel = "keep|drop|direct",
      description =
          "What becomes of the page cache when the source is read: keep what is read there, drop"
              + " it again, or read past it (O_DIRECT). Default: drop for a device, keep for a"
              + " file.")
  private @Nullable String cache;

  @Option(
      names = CONTINUE_ON_ERROR,
      description =
          "When something of a source of this host cannot be read, look at all of it and name every"
              + " place that cannot be read, before the run fails.")
  private boolean continueOnError;

  @Option(
      names = ServeArguments.NICE,
      paramLabel = "N",
      description = "Niceness of both ends, from -20 to 19, as nice(1).")
  private @Nullable String nice;

  @Option(
      names = ServeArguments.IONICE,
      paramLabel = "CLASS[:LEVEL]",
      description =
          "I/O class of both ends, idle, best-effort or realtime, with a level from 0 to 7, as"
              + " ionice(1).")
  private @Nullable String ionice;

  /** What is asked for of this end. */
  Load load() throws Failure {
    return new Load(
        new SourceReading(
            cache == null ? null : OptionValue.cache(cache),
            readLimit == null ? 0 : OptionValue.rate(ServeArguments.READ_LIMIT, readLimit),
            continueOnError),
        nice == null ? null : OptionValue.nice(nice),
        ionice == null ? null : OptionValue.ioPriority(ionice));
  }

  /**
   * Refuses what can only be had of a source of this host.
   *
   * @throws Failure {@link ExitCode#USAGE}
   */
  void requireLocalSource() throws Failure {
    if (continueOnError) {
      throw new Failure(
          ExitCode.USAGE,
          CONTINUE_ON_ERROR + " is for a source of this host: run push or verify on the other");
    }
  }

  /** The same for the far end. */
  void tell(ServeWords words) {
    words
        .add(ServeArguments.READ_LIMIT, readLimit)
        .add(ServeArguments.CACHE, cache)
        .add(ServeArguments.NICE, nice)
        .add(ServeArguments.IONICE, ionice);
  }
}
