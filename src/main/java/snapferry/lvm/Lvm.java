package snapferry.lvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import snapferry.device.MappedDevice;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** The commands of LVM and device-mapper that are used: these, and no others. */
final class Lvm {
  /** LVM waits for its locks, which another command may hold for as long as it works. */
  private static final int REPORT_SECONDS = 60;

  private static final int CHANGE_SECONDS = 120;
  private static final int REMOVE_TRIES = 5;
  private static final long REMOVE_PAUSE_MILLIS = 500;

  private Lvm() {}

  /** The volume whose device is {@code device}; null if LVM knows none. */
  static @Nullable LogicalVolume find(MappedDevice device) throws IOException {
    return single(report(device.node().toString()));
  }

  /** The volume called {@code GROUP/NAME}. */
  static LogicalVolume get(String fullName) throws IOException {
    @Nullable LogicalVolume volume = single(report(fullName));
    if (volume == null) {
      throw new Failure(ExitCode.FAILED, "LVM knows no " + fullName);
    }
    return volume;
  }

  /** The volume with this UUID; null if there is none. */
  static @Nullable LogicalVolume withUuid(String uuid) throws IOException {
    return single(report("--select", "lv_uuid=" + uuid));
  }

  /** All volumes of this machine that carry {@code tag}. */
  static List<LogicalVolume> tagged(String tag) throws IOException {
    return report("@" + tag);
  }

  private static @Nullable LogicalVolume single(List<LogicalVolume> volumes) {
    return volumes.size() == 1 ? volumes.get(0) : null;
  }

  private static List<LogicalVolume> report(String... which) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of("lvs", "--reportformat", "json", "--units", "b", "--nosuffix", "-o"));
    words.add(LogicalVolume.FIELDS);
    words.addAll(List.of(which));
    List<LogicalVolume> volumes = new ArrayList<>();
    for (Map<String, String> row : LvmReport.volumes(Command.run(REPORT_SECONDS, words))) {
      volumes.add(LogicalVolume.parse(row));
    }
    return volumes;
  }

  /**
   * Takes a classic snapshot, read-only and active.
   *
   * @param cowSize bytes for what the origin's writers overwrite; a multiple of 512
   */
  static void createClassic(LogicalVolume origin, String name, long cowSize, List<String> tags)
      throws IOException {
    create(origin, name, tags, "--size", cowSize + "b");
  }

  /** Takes a thin snapshot, read-only, that no start of the machine activates. */
  static void createThin(LogicalVolume origin, String name, List<String> tags) throws IOException {
    create(origin, name, tags, "--setactivationskip", "y");
  }

  private static void create(
      LogicalVolume origin, String name, List<String> tags, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("lvcreate", "--quiet", "--yes", "--snapshot"));
    words.addAll(List.of("--permission", "r", "--name", name));
    words.addAll(List.of(options));
    tags.forEach(tag -> words.addAll(List.of("--addtag", tag)));
    words.add(origin.fullName());
    Command.run(CHANGE_SECONDS, words);
  }

  /** Adds tags to a volume, all or none. */
  static void tag(String fullName, List<String> tags) throws IOException {
    change(fullName, "--addtag", tags);
  }

  /** Takes tags from a volume, all or none. */
  static void untag(String fullName, List<String> tags) throws IOException {
    change(fullName, "--deltag", tags);
  }

  private static void change(String fullName, String option, List<String> tags) throws IOException {
    List<String> words = new ArrayList<>(List.of("lvchange", "--quiet"));
    tags.forEach(tag -> words.addAll(List.of(option, tag)));
    words.add(fullName);
    Command.run(CHANGE_SECONDS, words);
  }

  /** Activates a volume also if it says that it should not be. */
  static void activate(String fullName) throws IOException {
    Command.run(CHANGE_SECONDS, "lvchange", "--quiet", "--activate", "y", "-K", fullName);
  }

  /** Removes a volume. Who has it open for a moment, as a scanner of new devices, is waited for. */
  static void remove(String fullName) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        Command.run(CHANGE_SECONDS, "lvremove", "--quiet", "--yes", "--force", fullName);
        return;
      } catch (Failure e) {
        if (tries == REMOVE_TRIES || e.exit() == ExitCode.INTERRUPTED) {
          throw e;
        }
      }
      try {
        Thread.sleep(REMOVE_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw Failure.interrupted(e);
      }
    }
  }

  /** Sends a message to the target of an active device. */
  static void message(Path node, String text) throws IOException {
    String name = String.valueOf(node.getFileName());
    Command.run(CHANGE_SECONDS, "dmsetup", "message", name, "0", text);
  }

  /** What device-mapper says of an active device: a line for each of its targets. */
  static String status(Path node) throws IOException {
    return Command.run(REPORT_SECONDS, "dmsetup", "status", String.valueOf(node.getFileName()));
  }
}
