package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** fio, which writes to a file or device, reads it back, and goes on until it is ended. */
@NullMarked
public final class VerifiedLoad implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path report;
  private final long seed;

  private VerifiedLoad(Process process, Path report, long seed) {
    this.process = process;
    this.report = report;
    this.seed = seed;
  }

  /**
   * Starts it.
   *
   * @param target has at least {@code mib} MiB, in which it writes
   * @param direct whether past the page cache
   * @param report gets what it prints
   * @param options more of fio's
   */
  public static VerifiedLoad on(
      Path target, int mib, boolean direct, Path report, long seed, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    Collections.addAll(
        command,
        "fio",
        "--name=load",
        "--filename=" + target,
        "--rw=randrw",
        "--bsrange=4k-128k",
        "--ioengine=libaio",
        "--iodepth=8",
        "--direct=" + (direct ? 1 : 0),
        "--size=" + mib + "m",
        "--verify=crc32c",
        "--verify_backlog=32",
        "--verify_fatal=1",
        "--verify_state_save=0",
        "--fsync=16",
        "--loops=100000",
        "--randseed=" + seed);
    Collections.addAll(command, options);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(report.toFile())
            .start();
    return new VerifiedLoad(process, report, seed);
  }

  /** It must not have noticed anything so far. */
  public void assertGoesOn() throws IOException {
    assertThat(process.isAlive()).as("seed %d: %s", seed, Files.readString(report)).isTrue();
  }

  /** Ends it; it must not have noticed anything. */
  public void end() throws IOException, InterruptedException {
    process.destroy(); // fio ends after what it has begun, and reports
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("fio ended").isTrue();
    assertThat(Files.readString(report))
        .as("seed %d", seed)
        .containsPattern("err= *0")
        .doesNotContain("verify:", "error=");
  }

  /** Leaves nothing, however the test ended. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
