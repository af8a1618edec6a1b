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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  private static final int EPOCHS = Integer.getInteger("snapferry.epochs", 2);
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

  /**
   * A load that never stops: files come and go, and a database commits. Kept off the processor
   * between its rounds, because a guest has only one.
   */
  private static final String LOAD =
      """
      (cd mounted; sqlite3 db 'pragma journal_mode=wal; create table t(k integer primary key, v)'
      tar cf ../tree.tar -C "%s" src/main/java/snapferry/wire
      while [ -e ../loading ]; do
        sqlite3 db 'begin; delete from t where k %% 3 = 0;
          insert into t(v) values(randomblob(9000)); insert into t(v) values(randomblob(9000)); commit'
        mkdir -p tree; tar xf ../tree.tar -C tree; mv tree old; rm -rf old; sleep 0.5
      done) >load.out 2>&1 &
      echo $! >load.pid
      """;

  private void startLoad() throws Exception {
    lab.sh("touch loading; " + LOAD.formatted(System.getProperty("snapferry.basedir")));
  }

  private void endLoad() throws Exception {
    lab.sh("rm -f loading; while kill -0 $(cat load.pid) 2>/dev/null; do sleep 0.1; done");
    assertThat(directory.resolve("load.out")).hasContent("wal");
  }

  /**
   * The standby is a file system that can be mounted, is sound, and holds a database that is: tried
   * on a copy, because to mount it is to write to it.
   */
  private void assertUsable(String fileSystem) throws Exception {
    boolean xfs = fileSystem.startsWith("xfs");
    String look = xfs ? "xfs_repair -n /dev/loop7" : "e2fsck -fn /dev/loop7";
    lab.sh(
        """
        cp --sparse=always a.img copy; losetup /dev/loop7 copy; mkdir -p copied
        mount %s /dev/loop7 copied && cp copied/db* . && umount copied && %s; status=$?
        losetup -d /dev/loop7; rm copy; exit $status
        """
            .formatted(xfs ? "-o nouuid" : "", look));
    assertThat(lab.sh("sqlite3 db 'pragma integrity_check'; rm db*")).isEqualTo("ok");
  }

  /**
   * That the standby is what the snapshot was, although only what the change source named was read,
   * says that it named everything that differs: a scan could not find more.
   */
  @ParameterizedTest
  @CsvSource({
    "ext4 -E lazy_itable_init=0, COW",
    "xfs --unsupported,          COW",
    "ext4 -E lazy_itable_init=0, THIN",
    "xfs --unsupported,          THIN",
    "xfs --unsupported,          SCAN"
  })
  void aVolumeUnderLoadIsReadWhereItChanged(String fileSystem, ChangesMode changes)
      throws Exception {
    boolean thin = changes == ChangesMode.THIN;
    volume = thin ? lab.thin("data", 64, 256) : lab.linear("data", 64);
    lab.mount(fileSystem, volume);
    startLoad();
    try {
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        if (thin && epoch % 3 == 0) {
          lab.sh("fstrim mounted");
        }
        Summary summary = push(settings(changes, 48), "a.img");
        assertThat(warnings).isEmpty();
        assertThat(summary.epoch()).isEqualTo(epoch);
        assertThat(lab.snapshots()).hasSize(changes == ChangesMode.SCAN ? 0 : 1);
        if (epoch > 1) {
          assertThat(summary.blocksChanged()).as("the load changes something").isPositive();
        }
        if (epoch > 1 && changes != ChangesMode.SCAN) {
          assertReadsLittle(summary, changes.label());
        }
        assertUsable(fileSystem);
      }
    } finally {
      endLoad();
    }
  }

  @Test
  void aVolumeThatGrewIsReadAsAWhole() throws Exception {
    volume = lab.thin("data", 64, 256);
    lab.sh("head -c 8M /dev/urandom >" + volume);
    push(settings(ChangesMode.AUTO, 0), "a.img");
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
