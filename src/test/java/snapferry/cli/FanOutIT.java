package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LoopDevice;
import snapferry.process.Mounted;

/**
 * One volume, several standbys: one snapshot and one reading for all, and nobody's trouble but its
 * own.
 */
@NullMarked
@Timeout(120)
class FanOutIT {
  /** Less than a shared reading remembers: so it is one reading, whoever comes late. */
  private static final int SIZE = 12 << 20;

  private static final long SIZE_KIB = 12 << 10;

  private static final Pattern FOUND =
      Pattern.compile(
          "snapferry: vol/\\w+: found (\\d+) KiB that a run to another standby had read");

  private final List<AutoCloseable> opened = new ArrayList<>();
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));

  @BeforeEach
  void begin() {
    launcher = new Launcher(directory);
  }

  @AfterEach
  void end() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  /** A file on XFS, which has snapshots by reflink. */
  private Path fileOnXfs() throws Exception {
    assumeTrue(LoopDevice.available(), "SKIPPED: loop devices need root and losetup");
    Path disk = directory.resolve("disk");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(400 << 20);
    }
    LoopDevice loop = LoopDevice.over(disk);
    opened.add(loop);
    Path point = directory.resolve("xfs");
    try {
      LoopDevice.run("mkfs.xfs", "-q", disk.toString());
      opened.add(Mounted.on(loop.node(), point, "rw"));
    } catch (IOException e) {
      assumeTrue(false, "SKIPPED: no XFS can be made or mounted here: " + e.getMessage());
    }
    return Images.make(point.resolve("vol"), 1, SIZE, SIZE + (1 << 20));
  }

  private Path standby(String name) {
    return directory.resolve(name + ".img");
  }

  /** Standbys as they are reached over a shell that stays here, but for {@code odd}. */
  private void configure(Path source, String settings, Map<String, String> odd) throws Exception {
    StringBuilder text = new StringBuilder();
    text.append("remote-command = \"'%s'\"\n".formatted(Launcher.program()));
    text.append("remote-state-dir = \"%s\"\n".formatted(directory.resolve("far")));
    text.append(settings);
    text.append("pre = \"echo pre >>%s\"\n".formatted(hooks()));
    text.append("post = \"echo post >>%s\"\n".formatted(hooks()));
    text.append("[volume.vol]\nsource = \"%s\"\n".formatted(source));
    for (String name : List.of("a", "b", "c")) {
      String usual = "rsh = \"'%s'\"".formatted(Launcher.localRsh());
      text.append(
          "standby.%s = { target = \"%s:%s\", %s }\n"
              .formatted(name, name, standby(name), odd.getOrDefault(name, usual)));
    }
    Files.writeString(directory.resolve("s.toml"), text);
  }

  private Path hooks() {
    return directory.resolve("hooks");
  }

  private Launcher.Result round(String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("run", "-v", "--config", "s.toml"));
    words.addAll(List.of(more));
    Files.writeString(hooks(), "");
    return launcher.run(words.toArray(String[]::new));
  }

  /** A remote shell whose line carries so many bytes and no more. */
  private String cut(int bytes) throws IOException {
    Path script =
        launcher.script(
            "cut-rsh", "head -c %d | '%s' \"$@\"".formatted(bytes, Launcher.localRsh()));
    return "timeout = 3, rsh = \"'%s'\"".formatted(script);
  }

  private void assertSame(Path source, String... names) {
    for (String name : names) {
      assertThat(standby(name)).hasSameBinaryContentAs(source);
    }
  }

  private static long foundKib(Launcher.Result round) {
    return FOUND
        .matcher(round.err())
        .results()
        .mapToLong(match -> Long.parseLong(match.group(1)))
        .sum();
  }

  @Test
  void oneSnapshotAndOneReadingDoForAllStandbys() throws Exception {
    Path source = fileOnXfs();
    configure(source, "snapshot = \"reflink\"\n", Map.of());
    Launcher.Result seeded = round();
    assertThat(seeded.exit()).as(seeded.err()).isZero();
    assertThat(Files.readAllLines(hooks())).containsExactly("pre", "post");
    assertSame(source, "a", "b", "c");
    assertThat(foundKib(seeded)).as(seeded.err()).isEqualTo(2 * SIZE_KIB);
    assertThat(Files.readAllLines(directory.resolve("state/runs.jsonl")))
        .hasSize(3)
        .allSatisfy(
            line ->
                assertThat(line).contains("\"exit\":0", "\"epoch\":1", "\"bytesRead\":" + SIZE));

    configure(source, "snapshot = \"reflink\"\nshare-snapshot = false\n", Map.of());
    Launcher.Result alone = round("-n");
    assertThat(alone.exit()).as(alone.err()).isZero();
    assertThat(Files.readAllLines(hooks()))
        .containsExactly("pre", "post", "pre", "post", "pre", "post");
    assertThat(foundKib(alone)).isZero();
  }

  @Test
  void whoIsDeadOrCutOffHarmsNobodyAndCatchesUpInTheNextRound() throws Exception {
    Path source = fileOnXfs();
    configure(
        source,
        "snapshot = \"reflink\"\n",
        Map.of("b", "timeout = 3, rsh = \"sh -c 'exec sleep 100'\"", "c", cut(SIZE / 3)));
    Launcher.Result first = round();
    assertThat(first.exit()).as(first.err()).isNotZero();
    assertThat(first.err()).contains("vol/b: nothing was heard", "vol/c: ");
    assertThat(Files.readAllLines(hooks())).containsExactly("pre", "post");
    assertSame(source, "a");

    Images.flip(source, 5 << 20);
    configure(source, "snapshot = \"reflink\"\n", Map.of());
    Launcher.Result second = round();
    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(Files.readAllLines(hooks())).containsExactly("pre", "post");
    assertSame(source, "a", "b", "c");
    assertThat(foundKib(second)).isEqualTo(2 * SIZE_KIB);
  }

  /**
   * Of what a tracker has frozen there is but one at a time, and all read it through one
   * connection.
   */
  @Test
  void whatATrackerHasFrozenOutlivesAStandbyThatIsCutOff() throws Exception {
    assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: no /dev/fuse");
    Path source = Images.make(directory.resolve("vol"), 2, SIZE, SIZE);
    Path shown = Files.createDirectory(directory.resolve("shown"));
    Launcher.Running tracker = launcher.start("track", source.toString(), shown.toString());
    opened.add(
        () -> {
          tracker.process().destroy();
          tracker.await();
        });
    for (int tries = 0; !Files.readString(tracker.err()).contains(" is shown at "); tries++) {
      assumeTrue(
          tracker.process().isAlive(), "SKIPPED: nothing can be mounted here by FUSE: " + tracker);
      assertThat(tries).isLessThan(600);
      Thread.sleep(50);
    }
    configure(source, "snapshot = \"tracker\"\n", Map.of("c", cut(SIZE / 3)));
    Launcher.Result first = round();
    assertThat(first.exit()).as(first.err()).isNotZero();
    assertThat(Files.readAllLines(hooks())).containsExactly("pre", "post");
    assertSame(source, "a", "b");

    Images.flip(shown.resolve("vol0"), 5 << 20);
    configure(source, "snapshot = \"tracker\"\n", Map.of());
    Launcher.Result second = round();
    assertThat(second.exit()).as(second.err()).isZero();
    assertSame(source, "a", "b", "c");
    assertThat(second.err())
        .contains("vol/a: vol: epoch 2 by fuse; ", "vol/b: vol: epoch 2 by fuse; ");
  }
}
