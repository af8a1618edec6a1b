package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.delta.MatchLimits;
import snapferry.lvm.ChangesMode;
import snapferry.lvm.KeepLimit;
import snapferry.lvm.SnapshotMode;
import snapferry.lvm.SnapshotSettings;
import snapferry.lvm.SourceSnapshots;
import snapferry.replicate.LocalSourcePlace;
import snapferry.replicate.Monitor;
import snapferry.replicate.Session;
import snapferry.replicate.SourceReading;
import snapferry.replicate.Summary;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** Epochs of real logical volumes whose changes are found by snapshots that are kept. */
@NullMarked
@LabTest
class ChangesLabIT {
  private static final int EPOCHS = Integer.getInteger("snapferry.epochs", 4);
  private static final long SEED = Long.getLong("snapferry.seed", 1);
  private static final long BLOCK = 64 << 10;
  private static final long SLACK = 1 << 20;

  @TempDir private Path directory;
  private final List<String> warnings = new ArrayList<>();
  private Lab lab;
  private String volume = "";

  @BeforeEach
  void begin() throws Exception {
    lab = Lab.open(directory);
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  private final class Warnings implements Monitor {
    @Override
    public void phase(Phase phase) {}

    @Override
    public void progress(long done, long total) {}

    @Override
    public void note(String text) {}

    @Override
    public void warn(String text) {
      warnings.add(text);
    }
  }

  private Path standby(String name) {
    return directory.resolve(name);
  }

  private SnapshotSettings settings(ChangesMode changes, int mib) {
    return new SnapshotSettings(
        SnapshotMode.LVM,
        (long) mib << 20,
        null,
        lab.sumOfSnapshot(),
        60,
        changes,
        KeepLimit.DEFAULT);
  }

  /** Replicates the volume in this process, and compares the standby with the snapshot. */
  private Summary push(SnapshotSettings settings, String standby) throws Exception {
    Path state = directory.resolve("state");
    Path source = Path.of(volume);
    Monitor monitor = new Warnings();
    warnings.clear();
    Summary summary;
    try (LocalSourcePlace place =
        new LocalSourcePlace(
            source,
            state,
            new SourceSnapshots(settings, state, monitor),
            SourceReading.DEFAULT,
            monitor)) {
      summary =
          new LocalPair(
                  source,
                  place,
                  standby(standby),
                  state,
                  0,
                  new Session.Settings(60, 0, true, MatchLimits.DEFAULT, "lab"))
              .run(Purpose.REPLICATE, Wishes.NONE, monitor, new Interruption());
    }
    assertThat(lab.sum(standby(standby)))
        .as("epoch %s", summary.epoch())
        .isEqualTo(lab.frozenSum());
    return summary;
  }

  private static void assertReadsLittle(Summary summary, String changeSource) {
    assertThat(summary.changeSource()).as("epoch %s", summary.epoch()).isEqualTo(changeSource);
    assertThat(summary.bytesRead())
        .as("epoch %s", summary.epoch())
        .isLessThanOrEqualTo(summary.blocksChanged() * BLOCK * 6 / 5 + SLACK);
  }

  /** Files come, change, move and go. */
  private void work(Random random) throws Exception {
    StringBuilder script = new StringBuilder("cd mounted;");
    for (int i = 0; i < 4; i++) {
      int file = random.nextInt(12);
      int kib = random.nextInt(600) + 1;
      script.append(
          switch (random.nextInt(4)) {
            case 0 -> "rm -f f%d;".formatted(file);
            case 1 -> "head -c %dK /dev/urandom >f%d;".formatted(kib, file);
            case 2 -> "mv -f f%d f%d 2>/dev/null;".formatted(file, (file + 1) % 12);
            default ->
                "dd if=/dev/urandom of=f%d bs=4k seek=%d count=3 conv=notrunc status=none;"
                    .formatted(file, kib / 4);
          });
    }
    lab.sh(script + "sync");
  }

  @Test
  void aClassicVolumeUnderLoadIsReadWhereItWasOverwritten() throws Exception {
    volume = lab.linear("data", 48);
    lab.mount("ext4 -E lazy_itable_init=0,lazy_journal_init=0", volume);
    Random random = new Random(SEED);
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      work(random);
      Summary summary = push(settings(ChangesMode.COW, 32), "a.img");
      assertThat(warnings).isEmpty();
      assertThat(summary.epoch()).isEqualTo(epoch);
      if (epoch > 1) {
        assertReadsLittle(summary, "cow");
      }
      lab.sh("e2fsck -fn a.img");
      assertThat(lab.snapshots()).hasSize(1);
    }
    assertThat(push(settings(ChangesMode.SCAN, 32), "a.img").changeSource()).isEqualTo("scan");
  }

  @Test
  void aThinVolumeUnderLoadIsReadWhereItsSnapshotsDiffer() throws Exception {
    volume = lab.thin("data", 64, 256);
    lab.mount("xfs --unsupported", volume);
    Random random = new Random(SEED);
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      work(random);
      if (epoch % 3 == 0) {
        lab.sh("fstrim mounted");
      }
      Summary summary = push(settings(ChangesMode.AUTO, 0), "a.img");
      assertThat(warnings).isEmpty();
      if (epoch > 1) {
        assertReadsLittle(summary, "thin");
      }
      assertThat(lab.snapshots()).hasSize(1);
    }
    lab.sh("lvextend -q -L 80M " + volume);
    Files.delete(directory.resolve("a.img"));
    lab.sh("rm -r a.img.snapferry");
    assertThat(push(settings(ChangesMode.AUTO, 0), "a.img").changeSource()).isEqualTo("scan");
  }

  @Test
  void aDiscardIsFoundWithoutReading() throws Exception {
    volume = lab.thin("data", 64, 128);
    lab.sh("head -c 16M /dev/urandom >" + volume);
    push(settings(ChangesMode.THIN, 0), "a.img");
    lab.sh("blkdiscard -o 4M -l 8M " + volume);
    Summary summary = push(settings(ChangesMode.THIN, 0), "a.img");
    assertThat(summary.changeSource()).isEqualTo("thin");
    assertThat(summary.bytesRead()).isZero();
    assertThat(summary.zeroBytes()).isEqualTo(8 << 20);
  }

  @Test
  void aBaseThatOverflowedIsSaidAloudAndEverythingIsRead() throws Exception {
    volume = lab.linear("data", 48);
    lab.sh("head -c 30M /dev/urandom >" + volume);
    push(settings(ChangesMode.COW, 4), "a.img");
    lab.sh("head -c 20M /dev/urandom >" + volume);
    Summary summary = push(settings(ChangesMode.COW, 8), "a.img");
    assertThat(summary.changeSource()).isEqualTo("scan");
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("what changed since epoch 1 cannot be told", "everything is read");
    lab.sh("dd if=/dev/urandom of=" + volume + " bs=64k count=3 seek=100 conv=notrunc,fsync");
    assertReadsLittle(push(settings(ChangesMode.COW, 8), "a.img"), "cow");
    assertThat(warnings).isEmpty();
  }

  @Test
  void everyStandbyHasItsOwnBaseUpToTheLimit() throws Exception {
    volume = lab.linear("data", 16);
    lab.sh("head -c 4M /dev/urandom >" + volume);
    push(settings(ChangesMode.COW, 8), "a.img");
    push(settings(ChangesMode.COW, 8), "b.img");
    assertThat(lab.snapshots()).hasSize(2);
    assertThat(push(settings(ChangesMode.COW, 8), "a.img").changeSource()).isEqualTo("cow");

    push(settings(ChangesMode.COW, 8).withKeep(new KeepLimit(1, 14)), "b.img");
    assertThat(warnings).singleElement().asString().startsWith("beyond the limit of --keep-base");
    assertThat(lab.snapshots()).hasSize(1);
    assertThat(push(settings(ChangesMode.COW, 8), "a.img").changeSource()).isEqualTo("scan");
  }

  @Test
  void aMetadataSnapshotThatAKilledRunHoldsIsReleasedAndSomebodyElsesIsNot() throws Exception {
    volume = lab.thin("data", 16, 64);
    lab.sh("head -c 4M /dev/urandom >" + volume);
    push(settings(ChangesMode.THIN, 0), "a.img");
    String message = "dmsetup message lab-pool-tpool 0 ";
    String uuid = lab.sh("lvs --noheadings -o lv_uuid lab/pool");

    lab.sh(message + "reserve_metadata_snap");
    assertThat(push(settings(ChangesMode.THIN, 0), "a.img").changeSource()).isEqualTo("scan");
    assertThat(warnings).singleElement().asString().contains("another program holds the metadata");

    lab.sh("touch state/pools/" + uuid + "/reserved");
    assertThat(push(settings(ChangesMode.THIN, 0), "a.img").changeSource()).isEqualTo("thin");
    assertThat(warnings).isEmpty();
    lab.sh(message + "reserve_metadata_snap && " + message + "release_metadata_snap");
  }

  @Test
  void aRunThatIsKilledWheneverLosesNoChange() throws Exception {
    volume = lab.linear("data", 16);
    lab.sh("head -c 8M /dev/urandom >" + volume);
    push(settings(ChangesMode.COW, 16), "a.img");
    Random random = new Random(SEED);
    Launcher launcher = new Launcher(directory);
    for (int round = 0; round < 4; round++) {
      lab.sh(
          "dd if=/dev/urandom of=%s bs=4k count=9 seek=%d conv=notrunc,fsync"
              .formatted(volume, random.nextInt(4000)));
      Launcher.Running running =
          launcher.start(
              "push",
              "--changes",
              "cow",
              "--snapshot-size",
              "16",
              volume,
              standby("a.img").toString());
      Thread.sleep(1500 + random.nextInt(4000));
      running.process().destroyForcibly().waitFor();
    }
    push(settings(ChangesMode.COW, 16), "a.img");
    assertThat(lab.sum(standby("a.img"))).as("seed %s", SEED).isEqualTo(lab.sum(volume));
    assertThat(lab.snapshots()).as("seed %s", SEED).hasSize(1);
  }
}
