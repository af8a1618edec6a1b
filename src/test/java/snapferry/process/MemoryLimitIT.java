package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import snapferry.fuse.MemoryCgroup;

/**
 * Runs in a memory cgroup, where page cache counts too and who takes more than there is, is killed.
 */
@NullMarked
class MemoryLimitIT {
  private static final int MIB = 1 << 20;
  private static final int VOLUMES = 8;

  private final Random random = new Random(1);
  @TempDir private Path directory = Path.of("");

  private Path volume(String name, int mib) throws IOException {
    byte[] piece = new byte[MIB];
    Path path = directory.resolve(name);
    try (OutputStream file = Files.newOutputStream(path)) {
      for (int i = 0; i < mib; i++) {
        random.nextBytes(piece);
        file.write(piece);
      }
    }
    return path;
  }

  /** Runs the program with a heap of 64 MiB in a cgroup of so many. */
  private void run(String name, int mib, String... arguments) throws Exception {
    try (MemoryCgroup group = MemoryCgroup.of(name, (long) mib * MIB)) {
      List<String> command = new ArrayList<>(group.prefix());
      command.add(Program.LAUNCHER.toString());
      command.addAll(List.of(arguments));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("SNAPFERRY_JAVA_OPTS", "-Xmx64m");
      builder.environment().put("SNAPFERRY_STATE_DIR", directory.resolve("state").toString());
      Path said = directory.resolve("said");
      Process process = builder.redirectOutput(said.toFile()).start();
      try {
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).as(Files.readString(said)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  @Timeout(120)
  void aVolumeIsPushedInLessMemoryThanItHasBytes() throws Exception {
    Path source = volume("source", 224);
    Path image = directory.resolve("image");
    String[] push = {"push", "--quiet", source.toString(), image.toString()};
    run("push", 192, push);
    assertThat(Files.mismatch(image, source)).isEqualTo(-1);
    try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
      for (long at = 0; at < file.length(); at += 10 * 65536) {
        file.seek(at);
        file.write(random.nextInt());
      }
    }
    run("push", 192, push);
    assertThat(Files.mismatch(image, source)).isEqualTo(-1);
  }

  @Test
  @Timeout(120)
  void eightVolumesAtATimeDoNotTakeEightTimesTheMemory() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < VOLUMES; i++) {
      text.append("[volume.v%d]\n".formatted(i));
      text.append("source = \"%s\"\n".formatted(volume("v" + i, 16)));
      text.append("standby.here.target = \"%s\"\n".formatted(directory.resolve("image" + i)));
    }
    Path configuration = Files.writeString(directory.resolve("s.toml"), text);
    run("run", 448, "run", "--jobs", "" + VOLUMES, "--config", configuration.toString());
    for (int i = 0; i < VOLUMES; i++) {
      assertThat(Files.mismatch(directory.resolve("image" + i), directory.resolve("v" + i)))
          .isEqualTo(-1);
    }
  }
}
