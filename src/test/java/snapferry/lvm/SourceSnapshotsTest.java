package snapferry.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;
import snapferry.replicate.Snapshot;

/** What becomes of a source that is no logical volume, wherever the tests run. */
@NullMarked
class SourceSnapshotsTest {
  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void makeFile() throws IOException {
    file = directory.resolve("vol.img");
    Files.write(file, new byte[4096]);
  }

  private SourceSnapshots snapshots(
      SnapshotMode mode, @Nullable String pre, @Nullable String post) {
    return new SourceSnapshots(settings(mode, pre, post, 5), directory, Monitor.SILENT);
  }

  private static SnapshotSettings settings(
      SnapshotMode mode, @Nullable String pre, @Nullable String post, int seconds) {
    return new SnapshotSettings(mode, 0, pre, post, seconds, ChangesMode.AUTO, KeepLimit.DEFAULT);
  }

  @Test
  void aFileIsNoLogicalVolume() {
    assertThatThrownBy(() -> snapshots(SnapshotMode.LVM, null, null).take(file))
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("is no logical volume: --snapshot none");
  }

  @Test
  void noneIsTheFileItself() throws Exception {
    try (Snapshot live = snapshots(SnapshotMode.NONE, null, null).take(file)) {
      assertThat(live.isFrozen()).isFalse();
    }
  }

  @Test
  void autoReadsWhateverItCanHaveAndLeavesNothingBeside() throws Exception {
    try (Snapshot best = snapshots(SnapshotMode.AUTO, null, null).take(file);
        var volume = best.open(null)) {
      assertThat(volume.size()).isEqualTo(4096);
    }
    assertThat(directory).isDirectoryContaining(path -> path.equals(file));
    try (var entries = Files.list(directory)) {
      assertThat(entries).containsExactly(file);
    }
  }

  @Test
  void hooksWithoutASnapshotAreRefused() {
    assertThatThrownBy(() -> snapshots(SnapshotMode.NONE, "true", null).take(file))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("none is taken");
  }

  @Test
  void theSecondHookRunsAlsoWhenTheFirstFailed() {
    Path mark = directory.resolve("mark");
    SnapshotSettings settings =
        settings(SnapshotMode.AUTO, "exit 3", "echo $SNAPFERRY_SOURCE >" + mark, 5);
    assertThatThrownBy(() -> Hooks.begin(settings, file))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("--pre ended with exit status 3. No snapshot was taken");
    assertThat(mark).hasContent(file + "\n");
  }

  @Test
  void theSecondHookRunsWhenTheFirstTakesTooLongOrTheSnapshotDoes() throws Exception {
    Path mark = directory.resolve("mark");
    SnapshotSettings slowPre = settings(SnapshotMode.AUTO, "sleep 30", "echo x >>" + mark, 1);
    assertThatThrownBy(() -> Hooks.begin(slowPre, file))
        .hasMessageStartingWith("--pre did not end within 1 s (--hook-timeout)");
    assertThat(mark).hasContent("x\n");

    Hooks slowSnapshot = Hooks.begin(slowPre.withPre("true"), file);
    while (Files.size(mark) < 4) {
      Thread.sleep(20);
    }
    assertThatThrownBy(slowSnapshot::close)
        .hasMessageStartingWith("--post had to run before the snapshot was taken");
  }

  @Test
  void aSecondHookThatFailsIsToldToTheOperator() throws Exception {
    SnapshotSettings settings = settings(SnapshotMode.AUTO, null, "exit 4", 5);
    assertThatThrownBy(Hooks.begin(settings, file)::close)
        .hasMessageStartingWith("--post ended with exit status 4");
  }

  @Test
  void everyModeHasALabel() {
    for (SnapshotMode mode : SnapshotMode.values()) {
      assertThat(SnapshotMode.labelled(mode.label())).isEqualTo(Optional.of(mode));
    }
    assertThat(SnapshotMode.labelled("AUTO")).isEmpty();
  }
}
