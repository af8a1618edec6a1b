package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.journal.Manifest;
import snapferry.replicate.LocalStandbyPlace;

/** Standbys whose disk loses its power, refuses to write, or forgets what it was told. */
@NullMarked
@LabTest
class PowerCutLabIT {
  private static final long SEED = Long.getLong("snapferry.seed", 1);
  private static final String DISK = System.getenv("LAB_DISK2");
  private static final String LOG = System.getenv("LAB_DISK3");
  private static final String LOGGED = "/dev/mapper/logged";

  /** Every so many power cuts the next run is tried, too. */
  private static final int NEXT_RUN_EVERY = 12;

  private static final int EPOCHS = Integer.getInteger("snapferry.epochs", 2);

  @TempDir private Path directory;
  private final List<byte[]> epochs = new ArrayList<>();
  private InProcess snapferry;
  private StandbyDisk standby;
  private Lab lab;
  private Path source = Path.of("");

  @BeforeEach
  void begin() throws Exception {
    lab = Lab.open(directory);
    lab.sh("modprobe -a dm-log-writes dm-flakey");
    // What an earlier test left would not be written again, and so be missing in a log of writes.
    lab.sh("dd if=/dev/zero of=%s bs=512 count=%d".formatted(DISK, StandbyDisk.SECTORS));
    standby = new StandbyDisk(lab, directory);
    snapferry = new InProcess(standby.state());
    source = directory.resolve("source.img");
    Files.createFile(source);
    epochs.add(new byte[0]);
  }

  @AfterEach
  void end() throws Exception {
    lab.sh(
        "umount -q mounted; for i in image state logged base; do dmsetup remove -f --retry $i; done"
            + " 2>/dev/null; losetup -D; true");
    lab.close();
  }

  /** The next state of the source: some blocks change, some become zeros. */
  private void change(Random random) throws IOException {
    Images.make(source, 1);
    byte[] bytes = Files.readAllBytes(source);
    for (int i = 0; i < 12; i++) {
      int at = random.nextInt(bytes.length - Images.BLOCK);
      byte[] fresh = new byte[random.nextInt(Images.BLOCK)];
      if (i % 3 > 0) {
        random.nextBytes(fresh);
      }
      System.arraycopy(fresh, 0, bytes, at, fresh.length);
    }
    Files.write(source, bytes);
    epochs.add(bytes);
  }

  private Launcher.Result push(String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of(source.toString(), StandbyDisk.IMAGE.toString()));
    return snapferry.run("push", words.toArray(String[]::new));
  }

  private void assertDone(Launcher.Result result) {
    assertThat(result.exit()).as(result.err()).isZero();
  }

  private void assertHolds(int epoch, String where) throws IOException {
    assertThat(Arrays.equals(StandbyDisk.content(), epochs.get(epoch)))
        .as("%s: the image is epoch %s", where, epoch)
        .isTrue();
  }

  private StandbyStatus status() throws IOException {
    return StandbyStatus.of(new LocalStandbyPlace(StandbyDisk.IMAGE, standby.state()));
  }

  private void mark(String name) throws Exception {
    lab.sh("sync; dmsetup message logged 0 mark " + name);
  }

  /**
   * Recovers what is attached, and compares the image with the epoch that it says it is.
   *
   * @return that epoch, 0 for a seed that is not complete, -1 if it is not known to be a standby
   */
  private int recovered(String where) throws Exception {
    Launcher.Result result = snapferry.run("recover", StandbyDisk.IMAGE.toString());
    Manifest manifest = status().manifest();
    if (manifest == null) {
      assertThat(result.exit()).as("%s: %s", where, result.err()).isEqualTo(11);
      return -1;
    }
    assertThat(result.exit()).as("%s: %s", where, result.err()).isZero();
    int epoch = (int) manifest.epoch();
    if (epoch > 0) {
      assertHolds(epoch, where);
    }
    return epoch;
  }

  /** Runs a seed and the epochs after it on a disk all of whose writes are logged. */
  private void record(Random random) throws Exception {
    lab.sh(
        "dmsetup create logged --table '0 %d log-writes %s %s'"
            .formatted(StandbyDisk.SECTORS, DISK, LOG));
    standby.make(LOGGED);
    change(random);
    mark("made");
    assertDone(push("--init"));
    mark("epoch1");
    for (int epoch = 2; epoch <= EPOCHS; epoch++) {
      change(random);
      assertDone(push());
      mark("epoch" + epoch);
    }
    standby.detach();
    lab.sh("dmsetup remove logged");
  }

  @Test
  void aPowerCutAtAnyFlushLeavesTheOldEpochOrTheNew() throws Exception {
    Random random = new Random(SEED);
    record(random);
    Path disk = directory.resolve("disk");
    lab.sh("truncate -s %d disk".formatted(StandbyDisk.SECTORS * 512L));
    Map<Integer, Integer> found = new TreeMap<>();
    try (WriteLog log = new WriteLog(Path.of(LOG));
        FileChannel replayed = FileChannel.open(disk, StandardOpenOption.WRITE)) {
      List<WriteLog.Entry> loose = new ArrayList<>();
      boolean begun = false;
      int acknowledged = -1;
      int cuts = 0;
      for (WriteLog.Entry entry : log.entries()) {
        if (entry.isMark()) {
          if (entry.mark().equals(WriteLog.END)) {
            break;
          }
          begun = true;
          acknowledged = entry.mark().equals("made") ? -1 : acknowledged(entry.mark());
          continue;
        }
        loose.add(entry);
        if (!entry.isDurable()) {
          continue;
        }
        if (begun && loose.size() > 1) {
          cut(log, some(loose.subList(0, loose.size() - 1), random), acknowledged, ++cuts, found);
        }
        for (WriteLog.Entry each : loose) {
          log.replay(each, replayed);
        }
        loose.clear();
        if (begun) {
          cut(log, loose, acknowledged, ++cuts, found);
        }
      }
    }
    System.err.println("power cuts, by the epoch that was found after them: " + found);
    assertThat(found.keySet()).as("seed %s", SEED).contains(0, 1, EPOCHS);
  }

  private static int acknowledged(String mark) {
    return Integer.parseInt(mark.substring("epoch".length()));
  }

  /** Some of the writes that no flush has made durable yet: any of them can be lost. */
  private static List<WriteLog.Entry> some(List<WriteLog.Entry> loose, Random random) {
    return loose.stream().filter(each -> random.nextBoolean()).toList();
  }

  /**
   * Cuts the power when {@code disk} and {@code more} are what was written, and looks what there
   * is.
   */
  private void cut(
      WriteLog log,
      List<WriteLog.Entry> more,
      int acknowledged,
      int cut,
      Map<Integer, Integer> found)
      throws Exception {
    String where = "seed %s, power cut %s".formatted(SEED, cut);
    lab.sh("cp --sparse=always disk cut");
    try (FileChannel after = FileChannel.open(directory.resolve("cut"), StandardOpenOption.WRITE)) {
      for (WriteLog.Entry each : more) {
        log.replay(each, after);
      }
    }
    standby.attach(lab.sh("losetup -f --show cut"));
    int epoch = recovered(where);
    found.merge(epoch, 1, Integer::sum);
    if (acknowledged > 0) {
      assertThat(epoch).as(where).isBetween(acknowledged, acknowledged + 1);
    } else {
      assertThat(epoch).as(where).isLessThanOrEqualTo(1);
    }
    if (cut % NEXT_RUN_EVERY == 0) {
      Launcher.Result next = epoch < 0 ? push("--init") : push();
      assertThat(next.exit()).as("%s, next run: %s", where, next.err()).isZero();
      assertHolds(epochs.size() - 1, where);
    }
    standby.detach();
    lab.sh("losetup -D");
  }

  private void reload(String table) throws Exception {
    lab.sh(
        "dmsetup load base --table '%s' && dmsetup suspend --nolockfs base && dmsetup resume base"
            .formatted(table.formatted(StandbyDisk.SECTORS, DISK)));
  }

  private static final String SOUND = "0 %d linear %s 0";
  private static final String REFUSES = "0 %d flakey %s 0 0 600 1 error_writes";
  private static final String FORGETS = "0 %d flakey %s 0 0 600 1 drop_writes";

  private void makeBase() throws Exception {
    lab.sh(
        "dmsetup create base --table '%s'".formatted(SOUND.formatted(StandbyDisk.SECTORS, DISK)));
  }

  @Test
  void anEpochThatTheDiskRefusesToApplyIsAppliedByTheNextRun() throws Exception {
    Random random = new Random(SEED);
    makeBase();
    // Only the image is on the disk that fails: the epoch is committed before it is touched.
    standby.make("/dev/mapper/base");
    lab.sh("umount mounted");
    change(random);
    assertDone(push("--init"));
    change(random);
    reload(REFUSES);
    Launcher.Result failed = push();
    assertThat(failed.exit()).as(failed.err()).isEqualTo(1);
    assertThat(failed.err()).contains(StandbyDisk.IMAGE.toString(), "run the same command again");
    assertThat(status().condition()).isEqualTo(StandbyStatus.Condition.RECOVER);
    reload(SOUND);
    // An error that nobody was told of yet is told to who syncs the device next: rightly so.
    lab.sh("sync /dev/mapper/image || true");
    assertDone(push());
    assertHolds(2, "after the disk was mended");
    assertThat(status().condition()).isEqualTo(StandbyStatus.Condition.STANDING);
  }

  @Test
  void aDiskThatForgetsWhatItWasToldLeavesAnEpochAndIsFoundOut() throws Exception {
    Random random = new Random(SEED);
    makeBase();
    standby.make("/dev/mapper/base");
    change(random);
    assertDone(remote("--init"));
    Map<String, Integer> found = new TreeMap<>();
    for (int round = 0; round <= EPOCHS; round++) {
      String where = "seed %s, round %s".formatted(SEED, round);
      byte[] before = StandbyDisk.content();
      change(random);
      byte[] after = epochs.get(epochs.size() - 1);
      Launcher.Running running = startRemote("--compress=lz4");
      Thread.sleep(random.nextInt(4000));
      reload(FORGETS);
      boolean acknowledged = running.await().exit() == 0;
      standby.detach();
      lab.sh("blockdev --flushbufs /dev/mapper/base");
      reload(SOUND);
      standby.attach("/dev/mapper/base");

      Launcher.Result recovery = snapferry.run("recover", StandbyDisk.IMAGE.toString());
      assertThat(recovery.exit()).as("%s: %s", where, recovery.err()).isZero();
      byte[] content = StandbyDisk.content();
      boolean old = Arrays.equals(content, before);
      assertThat(old || Arrays.equals(content, after)).as(where).isTrue();
      boolean lied = acknowledged && old;
      found.merge(lied ? "acknowledged, then lost" : old ? "old" : "new", 1, Integer::sum);
      if (lied) {
        Launcher.Result refused = remote("--compress=lz4");
        assertThat(refused.exit()).as("%s: %s", where, refused.err()).isEqualTo(11);
        assertThat(refused.err()).contains("--rejoin");
      }
      assertDone(remote("--rejoin"));
      assertHolds(epochs.size() - 1, where);
    }
    System.err.println("disks that forget: " + found);
  }

  /** Starts a run whose source keeps its state elsewhere. */
  private Launcher.Running startRemote(String option) throws Exception {
    return new Launcher(directory)
        .start(
            Launcher.overLocalRsh(
                "push",
                "--remote-state-dir",
                standby.state().toString(),
                option,
                source.toString(),
                "host:" + StandbyDisk.IMAGE));
  }

  private Launcher.Result remote(String option) throws Exception {
    return startRemote(option).await();
  }
}
