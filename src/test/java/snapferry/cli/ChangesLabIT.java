package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.device.LocalStateDirectory;
import snapferry.lvm.ChangesMode;
import snapferry.lvm.KeepLimit;
import snapferry.replicate.Summary;
import snapferry.wire.Wishes;

/** Epochs of real logical volumes whose changes are found by snapshots that are kept. */
@NullMarked
@LabTest
class ChangesLabIT {
  private static final String VOLUME = "/dev/lab/data";

  /** More than an area of a COW store with chunks of 4 KiB has exceptions. */
  private static final int BLOCKS = 320;

  private static final Wishes GROW = new Wishes(false, true, false, false, null, null);

  @TempDir private Path directory;
  private Lab lab;
  private LabRuns runs;

  @BeforeEach
  void begin() throws Exception {
    lab = Lab.open(directory);
    runs = new LabRuns(lab, directory, VOLUME);
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  /** Makes a volume of {@code mib}, of which the first half is random. */
  private void classic(int mib) throws Exception {
    lab.linear("data", mib);
    lab.sh("head -c %dM /dev/urandom >%s".formatted(mib / 2, VOLUME));
  }

  private void thin(int mib) throws Exception {
    lab.thin("data", mib, 4 * mib);
    lab.sh("head -c %dM /dev/urandom >%s".formatted(mib / 2, VOLUME));
  }

  private Summary push(ChangesMode changes) throws Exception {
    return runs.push(runs.settings(changes, 16), "a.img");
  }

  /** Runs, and makes sure that what changed was found by {@code source}, without a warning. */
  private Summary pushBy(ChangesMode source) throws Exception {
    Summary summary = push(source);
    assertThat(runs.warnings()).isEmpty();
    assertThat(summary.changeSource()).isEqualTo(source.label());
    return summary;
  }

  /** Runs, and makes sure that everything was read, and that it was said why. */
  private void pushByScan(ChangesMode changes, String... why) throws Exception {
    assertThat(push(changes).changeSource()).isEqualTo("scan");
    assertThat(runs.warnings())
        .singleElement()
        .asString()
        .contains(why)
        .endsWith("everything is read");
  }

  private void overwrite(int kib, int atKib) throws Exception {
    lab.sh(
        "dd if=/dev/urandom of=%s bs=1k count=%d seek=%d conv=notrunc,fsync"
            .formatted(VOLUME, kib, atKib));
  }

  /**
   * A sector of each block of the first 20 MiB, from the end to the beginning.
   *
   * @param mark what was never written there before: a volume may hold what an earlier one held
   */
  private static void overwriteBackwards(int mark) throws IOException {
    ByteBuffer sector = ByteBuffer.allocateDirect(8192).alignedSlice(4096).limit(4096).slice();
    try (FileChannel file =
        FileChannel.open(Path.of(VOLUME), StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
      for (int block = BLOCKS; block-- > 0; ) {
        file.write(sector.putInt(0, mark).putInt(4, ~block).rewind(), block * LabRuns.BLOCK);
      }
    }
  }

  private String base() throws Exception {
    return lab.snapshots().get(0);
  }

  @Test
  void aThinVolumeThatGrewIsReadAsAWholeOnce() throws Exception {
    thin(16);
    push(ChangesMode.THIN);
    lab.sh("lvextend -q -L 24M " + VOLUME);
    overwrite(64, 20 << 10);
    Summary grown = runs.push(runs.settings(ChangesMode.THIN, 0), "a.img", GROW);
    assertThat(grown.changeSource()).isEqualTo("scan");
    assertThat(grown.bytesTotal()).isEqualTo(24 << 20);
    overwrite(64, 22 << 10);
    assertThat(pushBy(ChangesMode.THIN).blocksChanged()).isEqualTo(1);
  }

  @Test
  void aClassicVolumeGrowsWhenItsBaseIsRemoved() throws Exception {
    classic(16);
    push(ChangesMode.COW);
    assertThat(lab.sh("! lvextend -q -L 24M %s 2>&1".formatted(VOLUME)))
        .contains("Snapshot origin volumes can be resized only while inactive");
    lab.sh("lvremove -q -y lab/" + base() + " && lvextend -q -L 24M " + VOLUME);
    assertThat(runs.push(runs.settings(ChangesMode.COW, 16), "a.img", GROW).changeSource())
        .isEqualTo("scan");
    overwrite(64, 20 << 10);
    assertThat(pushBy(ChangesMode.COW).blocksChanged()).isEqualTo(1);
  }

  @Test
  void aBaseOutlivesARestart() throws Exception {
    classic(16);
    push(ChangesMode.COW);
    overwrite(4, 100);
    lab.sh("vgchange -q -an lab && vgchange -q -ay lab");
    overwrite(4, 5000);
    assertThat(pushBy(ChangesMode.COW).blocksChanged()).isEqualTo(2);
  }

  @Test
  void aThinBaseThatNoStartActivatesIsOneAllTheSame() throws Exception {
    thin(16);
    push(ChangesMode.THIN);
    overwrite(4, 100);
    lab.sh("vgchange -q -an lab && vgchange -q -ay lab && [ ! -e /dev/lab/%s ]".formatted(base()));
    assertThat(pushBy(ChangesMode.THIN).blocksChanged()).isEqualTo(1);
  }

  /** Of any chunk size that LVM makes, and of more exceptions than an area of its table holds. */
  @ParameterizedTest
  @ValueSource(ints = {4, 16, 64, 512})
  void aBaseOfAnyChunkSizeIsReadToItsEnd(int kib) throws Exception {
    classic(32);
    push(ChangesMode.COW);
    String tags = lab.sh("lvs --noheadings -o lv_tags lab/" + base()).strip();
    String create = "lvcreate -q -y -s -p r -L 24M -c %dk -n %s %s lab/data";
    lab.sh(
        "lvremove -q -y lab/%s && ".formatted(base())
            + create.formatted(kib, base(), "--addtag " + tags.replace(",", " --addtag ")));
    overwriteBackwards(kib);
    if (kib == 4) {
      int metadata =
          Integer.parseInt(
              lab.sh("dmsetup status lab-%s".formatted(base().replace("-", "--")))
                  .split(" ", -1)[4]);
      assertThat(metadata).as("sectors of the header and of areas").isGreaterThan(2 * 8);
    }
    assertThat(pushBy(ChangesMode.COW).blocksChanged()).isEqualTo(BLOCKS);
  }

  @Test
  void aBaseThatWasMergedIsSaidAloudAndEverythingIsRead() throws Exception {
    classic(16);
    push(ChangesMode.COW);
    overwrite(64, 100);
    lab.sh("lvconvert -q --merge lab/" + base());
    pushByScan(ChangesMode.COW, "no snapshot of epoch 1 is kept");
    overwrite(64, 100);
    pushBy(ChangesMode.COW);
  }

  @Test
  void aThinVolumeThatWasRolledBackIsNoneOfOurSnapshots() throws Exception {
    thin(16);
    push(ChangesMode.THIN);
    overwrite(64, 100);
    lab.sh("lvconvert -q -y --merge lab/" + base());
    pushByScan(ChangesMode.THIN, "no snapshot of epoch 1 is kept");
    assertThat(new Launcher(directory).run("cleanup").exit()).isZero();
    pushBy(ChangesMode.THIN);
  }

  @Test
  void aDiscardIsFoundWithoutReading() throws Exception {
    thin(32);
    push(ChangesMode.THIN);
    lab.sh("blkdiscard -o 4M -l 8M " + VOLUME);
    Summary summary = pushBy(ChangesMode.THIN);
    assertThat(summary.bytesRead()).isZero();
    assertThat(summary.zeroBytes()).isEqualTo(8 << 20);
  }

  @Test
  void aBaseThatOverflowedIsSaidAloudAndEverythingIsRead() throws Exception {
    classic(48);
    push(ChangesMode.COW);
    lab.sh("head -c 20M /dev/urandom >" + VOLUME);
    pushByScan(ChangesMode.COW, "what changed since epoch 1 cannot be told");
    overwrite(192, 6400);
    assertThat(pushBy(ChangesMode.COW).blocksChanged()).isEqualTo(3);
  }

  @Test
  void everyStandbyHasItsOwnBaseUpToTheLimit() throws Exception {
    classic(16);
    push(ChangesMode.COW);
    runs.push(runs.settings(ChangesMode.COW, 8), "b.img");
    assertThat(lab.snapshots()).hasSize(2);
    pushBy(ChangesMode.COW);

    runs.push(runs.settings(ChangesMode.COW, 8).withKeep(new KeepLimit(1, 14)), "b.img");
    assertThat(runs.warnings())
        .singleElement()
        .asString()
        .startsWith("beyond the limit of --keep-base");
    assertThat(lab.snapshots()).hasSize(1);
    pushByScan(ChangesMode.COW, "no snapshot of epoch 2 is kept");
  }

  @Test
  void aBaseThatNobodyAskedForInTwoWeeksIsGivenUp() throws Exception {
    classic(16);
    push(ChangesMode.COW);
    String old = base();
    long twoWeeksAgo = System.currentTimeMillis() / 1000 - 14 * 24 * 60 * 60;
    lab.sh(
        "tag=$(lvs --noheadings -o lv_tags lab/%1$s | grep -o 'snapferry.standby=[^,]*')"
                .formatted(old)
            + " && lvchange -q --deltag $tag --addtag ${tag%%/*}/%d lab/%s"
                .formatted(twoWeeksAgo - 60, old));
    runs.push(runs.settings(ChangesMode.COW, 8), "b.img");
    assertThat(runs.warnings())
        .singleElement()
        .asString()
        .startsWith("beyond the limit of --keep-base, and removed: lab/" + old);
    assertThat(lab.snapshots()).hasSize(1).doesNotContain(old);
    pushByScan(ChangesMode.COW, "no snapshot of epoch 1 is kept");
  }

  @Test
  void aMetadataSnapshotThatAKilledRunHoldsIsReleasedAndSomebodyElsesIsNot() throws Exception {
    thin(16);
    push(ChangesMode.THIN);
    String message = "dmsetup message lab-pool-tpool 0 ";
    String uuid = lab.sh("lvs --noheadings -o lv_uuid lab/pool");

    lab.sh(message + "reserve_metadata_snap");
    pushByScan(ChangesMode.THIN, "another program holds the metadata");

    lab.sh("touch state/pools/" + uuid + "/reserved");
    pushBy(ChangesMode.THIN);
    lab.sh(message + "reserve_metadata_snap && " + message + "release_metadata_snap");
  }

  @Test
  void aRunWaitsForItsTurnAtThePoolsMetadata() throws Exception {
    thin(16);
    push(ChangesMode.THIN);
    overwrite(64, 100);
    String uuid = lab.sh("lvs --noheadings -o lv_uuid lab/pool");
    LocalStateDirectory other =
        LocalStateDirectory.open(directory.resolve("state/pools").resolve(uuid));
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            () -> assertThatCode(other::close).doesNotThrowAnyException(),
            CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS));
    pushBy(ChangesMode.THIN);
    end.join();
  }

  @Test
  void anOlderStandbyIsNotReadByTheBaseOfALaterEpoch() throws Exception {
    classic(16);
    push(ChangesMode.COW);
    lab.sh("cp -a a.img old.img; cp -a a.img.snapferry old.state");
    overwrite(64, 100);
    push(ChangesMode.COW);
    overwrite(64, 200);
    lab.sh("mv old.img a.img; rm -r a.img.snapferry; mv old.state a.img.snapferry");
    Wishes rejoin = new Wishes(false, false, false, true, null, null);
    assertThat(runs.push(runs.settings(ChangesMode.COW, 16), "a.img", rejoin).changeSource())
        .isEqualTo("scan");
    assertThat(List.copyOf(runs.warnings()))
        .anyMatch(warning -> warning.startsWith("no snapshot of epoch 1 is kept"));
    pushBy(ChangesMode.COW);
  }
}
