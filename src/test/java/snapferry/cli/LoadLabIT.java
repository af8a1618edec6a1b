package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import snapferry.lvm.ChangesMode;
import snapferry.replicate.Summary;

/** Epochs of mounted volumes that are written to all the time, by every change source. */
@NullMarked
@LabTest
class LoadLabIT {
  private static final int EPOCHS = Integer.getInteger("snapferry.epochs", 3);

  /**
   * A load that never stops: files come and go, and a database commits. It is nice, because a guest
   * has only one processor.
   */
  private static final String LOAD =
      """
      (cd mounted; renice -n 10 $BASHPID >/dev/null; sqlite3 db 'pragma journal_mode=wal; create table t(k integer primary key, v)'
      tar cf ../tree.tar -C "%s" src/main/java/snapferry/wire
      while [ -e ../loading ]; do
        sqlite3 db 'begin; delete from t where k %% 3 = 0;
          insert into t(v) values(randomblob(9000)); insert into t(v) values(randomblob(9000)); commit'
        mkdir -p tree; tar xf ../tree.tar -C tree; mv tree old; rm -rf old; sleep 0.5
      done) >load.out 2>&1 &
      echo $! >load.pid
      """;

  @TempDir private Path directory;
  private Lab lab;

  @BeforeEach
  void begin() throws Exception {
    lab = Lab.open(directory);
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

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
  private void assertUsable(boolean xfs) throws Exception {
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

  @ParameterizedTest(name = "{0} on a {1} volume by {2}")
  @CsvSource({
    "ext4, classic, COW",
    "xfs,  thin,    THIN",
    "xfs,  classic, COW",
    "ext4, thin,    THIN",
    "ext4, classic, SCAN",
    "xfs,  thin,    SCAN",
    "xfs,  classic, SCAN",
    "ext4, thin,    SCAN"
  })
  void everyEpochOfAVolumeUnderLoadIsItsSnapshotAndSound(
      String fileSystem, String kind, ChangesMode changes) throws Exception {
    boolean xfs = fileSystem.equals("xfs");
    boolean thin = kind.equals("thin");
    String volume = thin ? lab.thin("data", 64, 256) : lab.linear("data", 64);
    lab.mount(xfs ? "xfs --unsupported" : "ext4 -E lazy_itable_init=0", volume);
    LabRuns runs = new LabRuns(lab, directory, volume);
    long read = 0;
    long changed = 0;
    startLoad();
    try {
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        if (thin && epoch % 3 == 0) {
          lab.sh("fstrim mounted");
        }
        Summary summary = runs.push(runs.settings(changes, 48), "a.img");
        assertThat(runs.warnings()).isEmpty();
        assertThat(summary.epoch()).isEqualTo(epoch);
        assertThat(lab.snapshots()).hasSize(changes == ChangesMode.SCAN ? 0 : 1);
        if (epoch > 1) {
          assertThat(summary.changeSource()).isEqualTo(changes.label());
          assertThat(summary.blocksChanged()).as("the load changes something").isPositive();
          read += summary.bytesRead();
          changed += summary.blocksChanged() * LabRuns.BLOCK;
        }
        assertUsable(xfs);
      }
    } finally {
      endLoad();
    }
    System.err.printf(
        "%s on a %s volume by %s: %d epochs, read %.2f times what changed, %.1f MiB an epoch%n",
        fileSystem,
        kind,
        changes.label(),
        EPOCHS,
        (double) read / changed,
        (double) changed / (EPOCHS - 1) / (1 << 20));
  }
}
