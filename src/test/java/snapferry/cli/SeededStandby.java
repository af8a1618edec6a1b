package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/**
 * A volume {@code vol0.img} and its standby {@code standby.img}, which holds epoch 1 of it.
 *
 * @param launcher runs in their directory
 * @param state of the standby
 */
@NullMarked
record SeededStandby(Launcher launcher, Path source, Path standby, Path state) {
  /** Makes both in {@code directory}, by a push with {@code options}. */
  static SeededStandby make(Path directory, String... options) throws Exception {
    Launcher launcher = new Launcher(directory);
    Path source = Images.make(directory.resolve("vol0.img"), 3);
    String[] words = new String[options.length + 4];
    words[0] = "push";
    words[1] = "-q";
    System.arraycopy(options, 0, words, 2, options.length);
    words[words.length - 2] = "vol0.img";
    words[words.length - 1] = "standby.img";
    assertThat(launcher.run(words).exit()).isZero();
    return new SeededStandby(
        launcher,
        source,
        directory.resolve("standby.img"),
        directory.resolve("standby.img.snapferry"));
  }
}
