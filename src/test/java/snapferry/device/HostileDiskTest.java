package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import snapferry.device.HostileDisk.Crashed;
import snapferry.device.HostileDisk.Fault;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

class HostileDiskTest {
  private static final int SECTOR = 512;
  private static final int SEEDS = 64;

  private final HostileDisk disk = new HostileDisk();

  private static ByteBuffer sectors(int count, int value) {
    byte[] bytes = new byte[count * SECTOR];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.wrap(bytes);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aWriteIsSeenAtOnceButDurableOnlyAfterASync() throws IOException {
    BlockDevice device = disk.device("vol", 2 * SECTOR);
    device.write(SECTOR, sectors(1, 7));
    assertThat(disk.content("vol")[SECTOR]).isEqualTo((byte) 7);
    assertThat(disk.rebootKeepingNone().content("vol")).containsOnly(0);
  }

  @Test
  void whatWasSyncedSurvives() throws IOException {
    BlockDevice device = disk.device("vol", 2 * SECTOR);
    device.write(0, sectors(2, 7));
    device.sync();
    device.write(0, sectors(1, 8));
    byte[] left = disk.rebootKeepingNone().content("vol");
    assertThat(left).containsOnly(7);
  }

  @Test
  void aKilledProcessLosesNothing() throws IOException {
    BlockDevice device = disk.device("vol", SECTOR);
    device.write(0, sectors(1, 7));
    assertThat(disk.rebootKeepingAll().content("vol")).containsOnly(7);
  }

  @Test
  void unsyncedSectorsSurviveIndependentlyButAreNeverTorn() throws IOException {
    TreeSet<Integer> survivors = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      HostileDisk fresh = new HostileDisk();
      fresh
          .device("vol", 8 * SECTOR)
          .write(100, ByteBuffer.wrap(new byte[7 * SECTOR]).put(0, (byte) 1));
      fresh.device("vol", 8 * SECTOR).write(0, sectors(8, 9));
      byte[] left = fresh.reboot(new Random(seed)).content("vol");
      int whole = 0;
      for (int at = 0; at < left.length; at += SECTOR) {
        byte[] sector = Arrays.copyOfRange(left, at, at + SECTOR);
        if (sector[0] == 9) {
          assertThat(sector).as("seed %d, offset %d", seed, at).containsOnly(9);
          whole++;
        } else {
          sector[100] = 0;
          assertThat(sector).as("seed %d, offset %d", seed, at).containsOnly(0);
        }
      }
      survivors.add(whole);
    }
    assertThat(survivors).as("sectors kept, over %d seeds", SEEDS).hasSizeGreaterThan(3);
  }

  @Test
  void aSectorMaySurviveInAnyVersionSinceTheLastSync() throws IOException {
    TreeSet<Integer> seen = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      HostileDisk fresh = new HostileDisk();
      BlockDevice device = fresh.device("vol", SECTOR);
      for (int value = 1; value <= 3; value++) {
        device.write(0, sectors(1, value));
      }
      seen.add((int) fresh.reboot(new Random(seed)).content("vol")[0]);
    }
    assertThat(seen).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aCrashStopsEverythingFromItsOperationOn() throws IOException {
    BlockDevice device = disk.device("vol", SECTOR);
    StateDirectory state = disk.directory("state");
    Storage journal = state.open("journal");
    disk.crashAt(2, new Random(1));
    device.write(0, sectors(1, 1));
    assertThatThrownBy(() -> device.write(0, sectors(1, 2))).isInstanceOf(Crashed.class);
    assertThatThrownBy(device::sync).isInstanceOf(Crashed.class);
    assertThatThrownBy(() -> device.read(0, sectors(1, 0))).isInstanceOf(Crashed.class);
    assertThatThrownBy(device::size).isInstanceOf(Crashed.class);
    assertThatThrownBy(() -> device.nextAllocated(0)).isInstanceOf(Crashed.class);
    assertThatThrownBy(journal::size).isInstanceOf(Crashed.class);
    assertThatThrownBy(() -> state.exists("journal")).isInstanceOf(Crashed.class);
    assertThatThrownBy(() -> state.replace("manifest", text("x"))).isInstanceOf(Crashed.class);
    assertThatThrownBy(() -> state.load("manifest", 9)).isInstanceOf(Crashed.class);
    assertThatThrownBy(state::usableSpace).isInstanceOf(Crashed.class);
    assertThatThrownBy(() -> disk.directory("other")).isInstanceOf(Crashed.class);
    assertThat(disk.operations()).isEqualTo(3);
  }

  @Test
  void theOperationThatCrashesHasTakenEffectOrNot() throws IOException {
    TreeSet<Integer> seen = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      HostileDisk fresh = new HostileDisk();
      BlockDevice device = fresh.device("vol", SECTOR);
      device.write(0, sectors(1, 1));
      fresh.crashAt(1, new Random(seed));
      assertThatThrownBy(device::sync).isInstanceOf(Crashed.class);
      seen.add((int) fresh.rebootKeepingNone().content("vol")[0]);
    }
    assertThat(seen).containsExactly(0, 1);
  }

  @Test
  void whatAFailedSyncDroppedNoLaterSyncBringsBack() throws IOException {
    HostileDisk fresh = new HostileDisk();
    BlockDevice device = fresh.device("vol", 64 * SECTOR);
    fresh.failAt(0, Fault.SYNC_ERROR);
    device.write(0, sectors(64, 5));
    assertThatThrownBy(device::sync).isInstanceOf(IOException.class);
    device.sync();
    assertThat(fresh.content("vol")).as("the page cache").containsOnly(5);
    assertThat(fresh.rebootKeepingAll().content("vol")).as("the disk").contains(0, 5);
  }

  @Test
  void aFailedWriteFailsOnceAndMayHaveDoneAPart() throws IOException {
    BlockDevice device = disk.device("vol", 64 * SECTOR);
    disk.failAt(1, Fault.WRITE_ERROR);
    device.sync();
    device.sync();
    assertThatThrownBy(() -> device.write(0, sectors(64, 5))).isInstanceOf(IOException.class);
    assertThat(disk.content("vol")).contains(0, 5);
    device.write(0, sectors(64, 6));
    assertThat(disk.content("vol")).containsOnly(6);
  }

  @Test
  void aFullDiskRefusesFilesAndNamesButNotDevices() throws IOException {
    StateDirectory state = disk.directory("state");
    state.replace("manifest", text("old"));
    BlockDevice device = disk.device("vol", SECTOR);
    BlockDevice file = disk.file("img", SECTOR);
    disk.failAt(1, Fault.DISK_FULL);
    assertThat(state.usableSpace()).isPositive();
    assertThatThrownBy(() -> file.write(0, sectors(1, 1))).hasMessageContaining("No space left");
    assertThatThrownBy(() -> file.resize(2 * SECTOR)).hasMessageContaining("No space left");
    assertThatThrownBy(() -> state.open("journal")).hasMessageContaining("No space left");
    assertThatThrownBy(() -> state.replace("manifest", text("new")))
        .hasMessageContaining("No space");
    assertThat(state.usableSpace()).isZero();
    assertThat(state.load("manifest", 9)).isEqualTo(text("old"));
    device.write(0, sectors(1, 1));
    state.delete("manifest");
    assertThat(state.exists("manifest")).isFalse();
  }

  @Test
  void readsFailAtTheirOwnCount() throws IOException {
    BlockDevice device = disk.device("vol", 4 * SECTOR);
    device.write(0, sectors(4, 3));
    disk.failAt(1, Fault.READ_ERROR);
    disk.failAt(2, Fault.SHORT_READ);
    ByteBuffer destination = ByteBuffer.allocate(4 * SECTOR);
    device.read(0, destination);
    assertThatThrownBy(() -> device.read(0, destination.clear()))
        .hasMessageContaining("Input/output");
    assertThat(destination.position()).isZero();
    assertThatThrownBy(() -> device.read(0, destination.clear())).hasMessageContaining("ends at");
    assertThat(destination.hasRemaining()).isTrue();
    device.read(0, destination.clear());
    assertThat(destination.hasRemaining()).isFalse();
    assertThat(disk.reads()).isEqualTo(4);
  }

  @Test
  void aCreatedFileMayBeGoneUntilItsDirectoryIsSynced() throws IOException {
    StateDirectory state = disk.directory("state");
    Storage journal = state.open("journal");
    journal.write(0, sectors(1, 1));
    journal.sync();
    HostileDisk without = disk.rebootKeepingNone();
    assertThat(without.directory("state").exists("journal")).isFalse();

    StateDirectory again = without.directory("other");
    again.open("journal").write(0, sectors(1, 1));
    again.sync();
    StateDirectory left = without.rebootKeepingNone().directory("other");
    assertThat(left.exists("journal")).isTrue();
    assertThat(left.open("journal").size()).isZero();
  }

  @Test
  void replaceAndDeleteAreDurableWhenTheyReturn() throws IOException {
    StateDirectory state = disk.directory("state");
    state.replace("manifest", text("old"));
    state.replace("manifest", text("new"));
    state.replace("journal", text("x"));
    state.delete("journal");
    StateDirectory left = disk.rebootKeepingNone().directory("state");
    assertThat(left.load("manifest", 9)).isEqualTo(text("new"));
    assertThat(left.load("journal", 9)).isNull();
  }

  @Test
  void aReplaceThatCrashesLeavesTheOldOrTheNew() throws IOException {
    TreeSet<String> seen = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      HostileDisk fresh = new HostileDisk();
      StateDirectory state = fresh.directory("state");
      state.replace("manifest", text("old"));
      fresh.crashAt(1, new Random(seed));
      assertThatThrownBy(() -> state.replace("manifest", text("new"))).isInstanceOf(Crashed.class);
      byte[] left = fresh.reboot(new Random(seed)).directory("state").load("manifest", 9);
      seen.add(new String(left, StandardCharsets.US_ASCII));
    }
    assertThat(seen).containsExactly("new", "old");
  }

  @Test
  void anUnsyncedSizeMayBeLost() throws IOException {
    BlockDevice file = disk.file("img", 2 * SECTOR);
    file.resize(8 * SECTOR);
    assertThat(file.size()).isEqualTo(8 * SECTOR);
    HostileDisk rebooted = disk.rebootKeepingNone();
    assertThat(rebooted.file("img", 0).size()).isEqualTo(2 * SECTOR);
    rebooted.file("img", 0).resize(8 * SECTOR);
    rebooted.file("img", 0).sync();
    assertThat(rebooted.rebootKeepingNone().file("img", 0).size()).isEqualTo(8 * SECTOR);
  }

  @Test
  void whatAFileLostByShrinkingIsZeroWhenItGrows() throws IOException {
    BlockDevice file = disk.file("img", 2 * SECTOR);
    file.write(0, sectors(2, 4));
    file.resize(700);
    file.resize(2 * SECTOR);
    byte[] content = disk.content("img");
    assertThat(Arrays.copyOf(content, 700)).containsOnly(4);
    assertThat(Arrays.copyOfRange(content, 700, 2 * SECTOR)).containsOnly(0);
  }

  @Test
  void holesAreSectorsOfZeros() throws IOException {
    BlockDevice file = disk.file("img", 8 * SECTOR);
    file.write(2 * SECTOR, sectors(3, 4));
    file.zero(3 * SECTOR, SECTOR);
    assertThat(file.nextAllocated(0)).isEqualTo(new Extent(2 * SECTOR, SECTOR));
    assertThat(file.nextAllocated(2 * SECTOR + 5))
        .isEqualTo(new Extent(2 * SECTOR + 5, SECTOR - 5));
    assertThat(file.nextAllocated(3 * SECTOR)).isEqualTo(new Extent(4 * SECTOR, SECTOR));
    assertThat(file.nextAllocated(5 * SECTOR)).isNull();
    BlockDevice device = disk.device("vol", 8 * SECTOR);
    assertThat(device.nextAllocated(SECTOR)).isEqualTo(new Extent(SECTOR, 7 * SECTOR));
    assertThat(device.nextAllocated(8 * SECTOR)).isNull();
  }

  @Test
  void aDeviceNeitherGrowsNorIsResized() throws IOException {
    BlockDevice device = disk.device("vol", SECTOR);
    assertThatThrownBy(() -> device.write(1, sectors(1, 1))).hasMessageContaining("No space left");
    assertThatThrownBy(() -> device.resize(2 * SECTOR)).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> device.zero(0, 2 * SECTOR)).isInstanceOf(IOException.class);
  }

  @Test
  void everyChangeCountsAsOneOperation() throws IOException {
    BlockDevice file = disk.file("img", SECTOR);
    StateDirectory state = disk.directory("state");
    file.write(0, sectors(1, 1));
    file.zero(0, SECTOR);
    file.resize(2 * SECTOR);
    file.sync();
    state.open("journal");
    state.open("journal");
    state.replace("manifest", text("x"));
    state.delete("manifest");
    state.delete("manifest");
    state.sync();
    assertThat(disk.operations()).isEqualTo(8);
  }

  @Test
  void aDirectoryIsLockedUntilItIsClosedOrThePowerGoes() throws IOException {
    StateDirectory state = disk.directory("state");
    assertThatThrownBy(() -> disk.directory("state"))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.exit()).isEqualTo(ExitCode.LOCKED));
    state.close();
    disk.directory("state");
    disk.rebootKeepingAll().directory("state");
  }

  /**
   * The oldest trick against crashes must hold on this disk, at every operation, or the disk is
   * wrong.
   */
  @Test
  void shadowCopiesSurviveACrashAtAnyOperation() throws IOException {
    for (int crash = 0; crash <= 7; crash++) {
      for (int seed = 0; seed < SEEDS; seed++) {
        HostileDisk fresh = new HostileDisk();
        fresh.crashAt(crash, new Random(seed));
        try (StateDirectory state = fresh.directory("state")) {
          publish(fresh, state, 1);
          publish(fresh, state, 2);
        } catch (Crashed e) {
          assertThat(fresh.operations()).isEqualTo(crash + 1);
        }
        HostileDisk rebooted = fresh.reboot(new Random(seed));
        byte[] pointer = rebooted.directory("state").load("pointer", 9);
        if (pointer != null) {
          String which = "v" + pointer[0];
          assertThat(rebooted.content(which))
              .as("crash %d, seed %d", crash, seed)
              .containsOnly(pointer[0]);
        }
      }
    }
  }

  private static void publish(HostileDisk disk, StateDirectory state, int value)
      throws IOException {
    BlockDevice copy = disk.device("v" + value, 4 * SECTOR);
    copy.write(0, sectors(4, value));
    copy.sync();
    state.replace("pointer", new byte[] {(byte) value});
  }
}
