package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LocalStateDirectory;
import snapferry.device.LoopDevice;

/** A standby keeps its last epochs, and goes back to any of them. */
@NullMarked
class RollbackIT {
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Path source = Path.of("");
  private Path standby = Path.of("");
  private Path state = Path.of("");
  private final List<byte[]> epochs = new ArrayList<>();

  @BeforeEach
  void seed() throws Exception {
    SeededStandby seeded = SeededStandby.make(directory);
    launcher = seeded.launcher();
    source = seeded.source();
    standby = seeded.standby();
    state = seeded.state();
    epochs.add(Files.readAllBytes(standby));
  }

  private void push(String... options) throws Exception {
    Images.flip(source, 70_000L * epochs.size());
    Images.flip(source, 3_000_000L + epochs.size());
    List<String> words = new ArrayList<>(List.of("push", "-q"));
    words.addAll(List.of(options));
    words.addAll(List.of("vol0.img", "standby.img"));
    Launcher.Result push = launcher.run(words.toArray(String[]::new));
    assertThat(push.exit()).as("%s", push).isZero();
    epochs.add(Files.readAllBytes(standby));
  }

  private Launcher.Result rollBack(int epoch, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("rollback", "standby.img", "--to", "" + epoch));
    words.addAll(List.of(options));
    return launcher.run(words.toArray(String[]::new));
  }

  @Test
  void itGoesBackToEachEpochThatIsListedAndOnFromThere() throws Exception {
    push("--keep", "3");
    push();
    push();
    push();
    Launcher.Result history = launcher.run("history", "standby.img");
    assertThat(history.exit()).as("%s", history).isZero();
    assertThat(history.out().lines().map(line -> line.split(" ", 2)[0]))
        .containsExactly("EPOCH", "5", "4", "3", "2");

    Launcher.Result rehearsal = rollBack(2, "-n");
    assertThat(rehearsal.exit()).as("%s", rehearsal).isZero();
    assertThat(rehearsal.out()).contains("would hold epoch 2, root ", "; 4 blocks would change");
    assertThat(standby).hasBinaryContent(epochs.get(4));

    for (int epoch : new int[] {4, 3, 5}) {
      Launcher.Result back = rollBack(epoch);
      assertThat(back.exit()).as("%s", back).isZero();
      assertThat(back.out()).contains("standby.img: holds epoch " + epoch + ", root ");
      assertThat(standby).hasBinaryContent(epochs.get(epoch - 1));
      assertThat(launcher.run("verify", "standby.img").exit()).isZero();
    }
    List<Map<String, Object>> events = rollBack(7, "--json").events();
    assertThat(events.get(events.size() - 1)).containsEntry("epoch", 9L);
    assertThat(standby).hasBinaryContent(epochs.get(2));

    Launcher.Result refused = launcher.run("push", "vol0.img", "standby.img");
    assertThat(refused.exit()).isEqualTo(11);
    assertThat(refused.err()).contains("it was rolled back", "--rejoin");
    Launcher.Result rejoined =
        launcher.run("push", "--rejoin", "--json", "vol0.img", "standby.img");
    assertThat(rejoined.lastEvent()).containsEntry("exit", 0L).containsEntry("blocksChanged", 3L);
    assertThat(standby).hasSameBinaryContentAs(source);
  }

  @Test
  void aStandbyElsewhereIsToldHowManyToKeep() throws Exception {
    Images.flip(source, 9);
    Launcher.Result push =
        launcher.runOverLocalRsh("push", "--keep=2", "vol0.img", "there:" + standby);
    assertThat(push.exit()).as("%s", push).isZero();
    assertThat(rollBack(1).exit()).isZero();
    assertThat(standby).hasBinaryContent(epochs.get(0));
  }

  @Test
  void aConfigurationSaysHowManyToKeep() throws Exception {
    Files.writeString(
        directory.resolve("snapferry.toml"),
        "keep = 24\n[volume.vol0]\nsource = \"%s\"\nstandby.here.target = \"%s\"\n"
            .formatted(source, standby));
    Images.flip(source, 9);
    Launcher.Result run = launcher.run("run", "--config", "snapferry.toml");
    assertThat(run.exit()).as("%s", run).isZero();
    assertThat(launcher.run("history", "--json", "standby.img").lastEvent())
        .containsEntry("event", "epoch")
        .containsEntry("epoch", 1L);
  }

  @Test
  void whatCannotBeGoneBackToIsSaidAndNothingIsTouched() throws Exception {
    push("--keep", "9");
    push();
    push();
    byte[] record = Files.readAllBytes(state.resolve("undo-3"));
    record[record.length - 1] ^= 1;
    Files.write(state.resolve("undo-3"), record);
    Launcher.Result damaged = rollBack(1);
    assertThat(damaged.exit()).isEqualTo(22);
    assertThat(damaged.err())
        .contains("the earliest that it can go back to is epoch 3 (undo-3: piece at offset ")
        .contains("Nothing was touched");
    Files.delete(state.resolve("undo-3"));
    assertThat(rollBack(2).exit()).isEqualTo(1);
    assertThat(rollBack(4).exit()).isEqualTo(2);
    assertThat(rollBack(0).exit()).isEqualTo(2);
    assertThat(launcher.run("rollback", "standby.img").exit()).isEqualTo(2);
    assertThat(launcher.run("rollback", "vol0.img", "--to", "1").exit()).isEqualTo(11);
    assertThat(launcher.run("history", "vol0.img").exit()).isEqualTo(11);
    Files.write(state.resolve("undo-4"), new byte[9000]);
    Launcher.Result history = launcher.run("history", "standby.img");
    assertThat(history.exit()).isEqualTo(3);
    assertThat(history.err()).contains("goes no further back: undo-4: ");
    assertThat(standby).hasBinaryContent(epochs.get(3));
    try (LocalStateDirectory held = LocalStateDirectory.open(state)) {
      assertThat(held.files()).contains("manifest");
      assertThat(rollBack(3).exit()).isEqualTo(10);
    }
  }

  @Test
  @EnabledIf(
      value = "snapferry.device.LoopDevice#available",
      disabledReason = "loop devices need root and losetup")
  void aDeviceGoesBackUnlessItIsMounted() throws Exception {
    LoopDevice.run("mke2fs", "-q", "-F", "-t", "ext4", source.toString());
    Path point = Files.createDirectory(directory.resolve("mnt"));
    Path backing = Images.make(directory.resolve("backing"), 5);
    try (LoopDevice device = LoopDevice.over(backing)) {
      String node = device.node().toString();
      assertThat(launcher.run("push", "-q", "--init", "vol0.img", node).exit()).isZero();
      byte[] first = Files.readAllBytes(device.node());
      Images.flip(source, 100);
      assertThat(launcher.run("push", "-q", "--keep", "1", "vol0.img", node).exit()).isZero();
      LoopDevice.run("mount", "-o", "ro,noload", node, point.toString());
      try {
        assertThat(launcher.run("rollback", node, "--to", "1").exit()).isEqualTo(12);
      } finally {
        LoopDevice.run("umount", point.toString());
      }
      Launcher.Result back = launcher.run("rollback", node, "--to", "1");
      assertThat(back.exit()).as("%s", back).isZero();
      assertThat(Files.readAllBytes(device.node())).isEqualTo(first);
    }
  }
}
