package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/**
 * Writes anywhere in the file of a mount until it is closed, and holds still from {@code touch
 * pause} until that file is gone. A process of its own: one that starts others while it has the
 * file open would wait for the tracker that it is about to start.
 */
@NullMarked
final class Scribbler implements AutoCloseable {
  private static final String SCRIPT =
      """
      RANDOM=$1 file=$2 sectors=$3
      while [ ! -e done ]; do
        if [ -e pause ]; then
          touch paused
          while [ -e pause ]; do sleep 0.01; done
          rm paused
        fi
        dd if=/dev/urandom of="$file" bs=512 count=$((RANDOM % 256 + 1)) \
          seek=$(((RANDOM * 32768 + RANDOM) % (sectors - 256))) conv=notrunc status=none || exit 1
      done
      """;

  private final Path directory;
  private final Process process;

  Scribbler(TrackRig rig, long seed) throws IOException {
    directory = rig.directory;
    Files.deleteIfExists(directory.resolve("done"));
    long sectors = Files.size(rig.volume) / 512;
    process =
        new ProcessBuilder(
                "bash",
                "-c",
                SCRIPT,
                "bash",
                Long.toString(seed),
                rig.file().toString(),
                Long.toString(sectors))
            .directory(directory.toFile())
            .redirectError(directory.resolve("scribbler.err").toFile())
            .start();
  }

  /** Options of a run for which it holds still while the snapshot is taken and copied. */
  static String[] pausing(TrackRig rig) {
    Path pause = rig.directory.resolve("pause");
    return new String[] {
      "--snapshot",
      "tracker",
      "--pre",
      "touch %s; until [ -e %sd ]; do sleep 0.02; done".formatted(pause, pause),
      "--post",
      "cp --sparse=always %s %s; rm %s"
          .formatted(rig.volume, rig.directory.resolve("expected"), pause)
    };
  }

  /** Waits until it ended, which it must have done well. */
  @Override
  public void close() throws Exception {
    Files.createFile(directory.resolve("done"));
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended && process.exitValue() == 0)
        .as(
            "the writer saw nothing of it: %s",
            Files.readString(directory.resolve("scribbler.err")))
        .isTrue();
  }
}
