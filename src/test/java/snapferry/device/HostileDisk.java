package snapferry.device;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk for crash tests: devices, files and state directories whose live and durable bytes are
 * kept apart, sector by sector. Every write, zero, resize, sync, replace, delete and creation
 * counts as one operation of the whole disk, reads are counted apart, both from 0 on. A test runs
 * once to learn {@link #operations()}, then once for each of them with a crash or a fault there,
 * {@linkplain #reboot reboots}, and looks at what is left.
 *
 * <p>More hostile than most disks, but never more than {@link Storage} allows: what was not synced
 * survives sector by sector, in any of the versions it had since the last sync, or not at all; a
 * created file may be gone, a size may be an older one. A sector is never torn. Safe for use by
 * several threads.
 */
public final class HostileDisk {
  private static final long PLENTY = 1L << 40;

  /** What goes wrong, once unless said otherwise. */
  public enum Fault {
    /**
     * A write, zero, resize, creation, replace or delete fails; of a write or zero, a part is done.
     */
    WRITE_ERROR,
    /**
     * A sync, replace or delete fails. Of what was not synced each sector is on the disk or not, is
     * read back all the same, and is not written by a later sync. Whether the replacement or
     * deletion is seen, and is durable, is open.
     */
    SYNC_ERROR,
    /**
     * From there on all that takes space on a file system fails; devices can still be written to.
     */
    DISK_FULL,
    /** A read fails and fills nothing. */
    READ_ERROR,
    /** A read fills a part of what was asked for, and fails. */
    SHORT_READ;

    private boolean strikes(HostileOperation operation) {
      return switch (this) {
        case WRITE_ERROR -> operation.writes();
        case SYNC_ERROR -> operation.syncs();
        case DISK_FULL, READ_ERROR, SHORT_READ -> false;
      };
    }
  }

  /** The power is off: thrown by the operation at which it went, and by everything after that. */
  public static final class Crashed extends IOException {
    private static final long serialVersionUID = 1L;

    Crashed() {
      super("the power is off");
    }
  }

  private record Appointment(int number, Fault fault) {}

  private final Map<String, HostileFile> volumes = new TreeMap<>();
  private final Map<String, HostileDirectory> directories = new TreeMap<>();
  private final List<Appointment> faults = new ArrayList<>();
  private int operations;
  private int reads;
  private int crashAt = -1;
  private RandomGenerator crashLuck = new SplittableRandom(0);
  private boolean crashed;
  private boolean full;

  /**
   * The device of this name; made of {@code size} durable zeros when it is new. It cannot be
   * resized.
   */
  public synchronized BlockDevice device(String name, int size) {
    return new HostileVolume(this, name, volume(name, size), true);
  }

  /**
   * The file of this name that stands for a device; made of {@code size} durable zeros when it is
   * new.
   */
  public synchronized BlockDevice file(String name, int size) {
    return new HostileVolume(this, name, volume(name, size), false);
  }

  private HostileFile volume(String name, int size) {
    return volumes.computeIfAbsent(name, missing -> new HostileFile(new byte[size]));
  }

  /** Gives a device or file durable content, without counting an operation. Before it is opened. */
  public synchronized void preload(String name, byte[] content) {
    volumes.put(name, new HostileFile(content));
  }

  /** Whether there is a device or file of this name that holds anything. */
  public synchronized boolean has(String name) {
    HostileFile file = volumes.get(name);
    return file != null && file.size() > 0;
  }

  /**
   * What readers of a device or file would see, also after a crash, and without counting a read.
   */
  public synchronized byte[] content(String name) {
    return Objects.requireNonNull(volumes.get(name), name).content();
  }

  /**
   * The state directory of this name, under its lock.
   *
   * @throws snapferry.failure.Failure {@link snapferry.failure.ExitCode#LOCKED} if it is open
   *     already
   */
  public synchronized StateDirectory directory(String name) throws IOException {
    requirePower();
    return directories.computeIfAbsent(name, n -> new HostileDirectory(this, n)).lock();
  }

  /**
   * Turns the power off at an operation: {@code random} says whether before or after it took
   * effect.
   */
  public synchronized void crashAt(int operation, Random random) {
    crashAt = operation;
    crashLuck = mixed(random);
  }

  /**
   * Has {@code fault} strike: a fault of reads at read {@code number}, a full disk at operation
   * {@code number}, the others at the first operation from {@code number} on that can fail so. May
   * be called several times.
   */
  public synchronized void failAt(int number, Fault fault) {
    faults.add(new Appointment(number, fault));
  }

  /** Operations so far, the failed ones and the crash included. */
  public synchronized int operations() {
    return operations;
  }

  /** Reads so far. */
  public synchronized int reads() {
    return reads;
  }

  /**
   * Turns the power off and on: each unsynced sector, size and name has survived or not, as {@code
   * random} says.
   */
  public HostileDisk reboot(Random random) {
    RandomGenerator luck = mixed(random);
    return reboot(unsynced -> luck.nextInt(unsynced + 1));
  }

  /** As {@link #reboot}, but nothing survives that was not synced. */
  public HostileDisk rebootKeepingNone() {
    return reboot(unsynced -> 0);
  }

  /** As {@link #reboot}, but all survives, as when only the process was killed. */
  public HostileDisk rebootKeepingAll() {
    return reboot(unsynced -> unsynced);
  }

  private synchronized HostileDisk reboot(Versioned.Survival survival) {
    crashed = true;
    HostileDisk disk = new HostileDisk();
    volumes.forEach((name, file) -> disk.volumes.put(name, file.surviving(survival)));
    directories.forEach(
        (name, directory) -> disk.directories.put(name, directory.surviving(disk, survival)));
    return disk;
  }

  /**
   * The first draws of a {@link Random} with a small seed hardly differ from one seed to the next.
   */
  private static RandomGenerator mixed(Random random) {
    return new SplittableRandom(random.nextLong());
  }

  /** Does, counts and spoils one operation. */
  synchronized void operate(HostileOperation operation) throws IOException {
    requirePower();
    int number = operations++;
    if (number == crashAt) {
      crashed = true;
      if (crashLuck.nextBoolean()) {
        operation.whole().run();
      }
      throw new Crashed();
    }
    full |= faults.remove(new Appointment(number, Fault.DISK_FULL));
    RandomGenerator random = new SplittableRandom(number);
    if (full && operation.takesSpace()) {
      operation.failed().apply(random);
      throw new IOException("No space left on device");
    }
    Optional<Appointment> due =
        faults.stream().filter(f -> f.number <= number && f.fault.strikes(operation)).findFirst();
    if (due.isPresent()) {
      faults.remove(due.get());
      fail(operation, due.get().fault, random);
    }
    operation.whole().run();
  }

  private static void fail(HostileOperation operation, Fault fault, RandomGenerator random)
      throws IOException {
    HostileOperation.Effect effect =
        fault == Fault.SYNC_ERROR ? operation.unsynced() : operation.failed();
    effect.apply(random);
    throw new IOException("Input/output error (" + fault + ")");
  }

  /** Counts one read of {@code length} bytes, and says how many of them are to be had. */
  synchronized int readable(int length) throws IOException {
    requirePower();
    int number = reads++;
    if (faults.remove(new Appointment(number, Fault.READ_ERROR))) {
      throw new IOException("Input/output error (" + Fault.READ_ERROR + ")");
    }
    return faults.remove(new Appointment(number, Fault.SHORT_READ)) && length > 0
        ? new SplittableRandom(number).nextInt(length)
        : length;
  }

  synchronized void requirePower() throws Crashed {
    if (crashed) {
      throw new Crashed();
    }
  }

  synchronized long usableSpace() throws Crashed {
    requirePower();
    return full ? 0 : PLENTY;
  }

  static EOFException shortRead(String name, long offset) {
    return new EOFException(name + ": ends at offset " + offset);
  }
}
