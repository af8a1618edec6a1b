package snapferry.cli;

import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.SourceReading;

/**
 * How the source is read, and how much of the hosts a run takes: for both ends, each as far as it
 * concerns it.
 */
final class LoadOptions extends OptionGroup {
  private static final String CONTINUE_ON_ERROR = "--continue-on-error";

  private final Option readLimit =
      with(
          Option.of(
              ServeArguments.READ_LIMIT,
              "RATE",
              "Read at most so many KiB a second of the source, or with a suffix K, M or G. Default:"
                  + " no limit."));

  private final Option cache =
      with(
          Option.of(
              ServeArguments.CACHE,
              "keep|drop|direct",
              "What becomes of the page cache when the source is read: keep what is read there, drop"
                  + " it again, or read past it (O_DIRECT). Default: drop for a device, keep for a"
                  + " file."));

  private final Flag continueOnError =
      with(
          new Flag(
              CONTINUE_ON_ERROR,
              "When something of a source of this host cannot be read, look at all of it and name every"
                  + " place that cannot be read, before the run fails."));

  private final Option nice =
      with(
          Option.of(
              ServeArguments.NICE, "N", "Niceness of both ends, from -20 to 19, as nice(1)."));

  private final Option ionice =
      with(
          Option.of(
              ServeArguments.IONICE,
              "CLASS[:LEVEL]",
              "I/O class of both ends, idle, best-effort or realtime, with a level from 0 to 7, as"
                  + " ionice(1)."));

  /** What is asked for of this end. */
  Load load() throws Failure {
    return new Load(
        new SourceReading(
            cache.text() == null ? null : OptionValue.cache(cache.text()),
            readLimit.text() == null
                ? 0
                : OptionValue.rate(ServeArguments.READ_LIMIT, readLimit.text()),
            continueOnError.isGiven()),
        nice.text() == null ? null : OptionValue.nice(nice.text()),
        ionice.text() == null ? null : OptionValue.ioPriority(ionice.text()));
  }

  /**
   * Refuses what can only be had of a source of this host.
   *
   * @throws Failure {@link ExitCode#USAGE}
   */
  void requireLocalSource() throws Failure {
    if (continueOnError.isGiven()) {
      throw new Failure(
          ExitCode.USAGE,
          CONTINUE_ON_ERROR + " is for a source of this host: run push or verify on the other");
    }
  }

  /** The same for the far end. */
  void tell(ServeWords words) {
    words
        .add(ServeArguments.READ_LIMIT, readLimit.text())
        .add(ServeArguments.CACHE, cache.text())
        .add(ServeArguments.NICE, nice.text())
        .add(ServeArguments.IONICE, ionice.text());
  }
}
