package snapferry.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import snapferry.failure.Failure;
import snapferry.replicate.SourceReading;

/** How much of the hosts a run takes: for both ends, each as far as it concerns it. */
final class LoadOptions {
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
            readLimit == null ? 0 : OptionValue.rate(ServeArguments.READ_LIMIT, readLimit)),
        nice == null ? null : OptionValue.nice(nice),
        ionice == null ? null : OptionValue.ioPriority(ionice));
  }

  /** The same for the far end, as arguments of {@code serve}. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    add(ServeArguments.READ_LIMIT, readLimit, words);
    add(ServeArguments.CACHE, cache, words);
    add(ServeArguments.NICE, nice, words);
    add(ServeArguments.IONICE, ionice, words);
    return words;
  }

  private static void add(String option, @Nullable String value, List<String> words) {
    if (value != null) {
      words.add(option + "=" + value);
    }
  }
}
