package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** A guest of the lab: its disks, a volume group on them, and the commands of the system. */
@NullMarked
final class Lab implements Closeable {
  static final String GROUP = "lab";
  private static final long LIMIT_SECONDS = 120;

  private final Path directory;
  private final Path mountPoint;

  private Lab(Path directory, Path mountPoint) {
    this.directory = directory;
    this.mountPoint = mountPoint;
  }

  /** Whether this is one. Never true on a machine whose disks somebody needs. */
  static boolean isHere() {
    return System.getenv("LAB_DISK1") != null && Files.exists(Path.of("/dev/mapper/control"));
  }

  /** Makes the volume group on the first disk. */
  static Lab open(Path directory) throws Exception {
    return open(directory, System.getenv("LAB_DISK1"));
  }

  /** Makes the volume group on {@code disk}. */
  static Lab open(Path directory, String disk) throws Exception {
    Lab lab = new Lab(directory, Files.createDirectories(directory.resolve("mounted")));
    lab.sh("vgcreate -q -y -ff " + GROUP + " " + disk);
    return lab;
  }

  Path mountPoint() {
    return mountPoint;
  }

  /** Makes a linear volume; gives its path. */
  String linear(String name, int mib) throws Exception {
    sh("lvcreate -q -y -W y -L %dM -n %s %s".formatted(mib, name, GROUP));
    return "/dev/" + GROUP + "/" + name;
  }

  /** Makes a thin pool with one volume in it; gives the volume's path. */
  String thin(String name, int mib, int poolMib) throws Exception {
    sh(
        "lvcreate -q -y --type thin-pool -L %dM -c 64k --poolmetadatasize 8M -Zn -n pool %s"
            .formatted(poolMib, GROUP));
    sh("lvcreate -q -y -V %dM --thin -n %s %s/pool".formatted(mib, name, GROUP));
    return "/dev/" + GROUP + "/" + name;
  }

  /** Makes a file system on {@code device} and mounts it. */
  void mount(String type, String device) throws Exception {
    sh("mkfs.%s -q %s && mount %s %s".formatted(type, device, device, mountPoint));
  }

  void unmount() throws Exception {
    sh("umount " + mountPoint);
  }

  /** Runs a line that must succeed; gives what it prints. */
  String sh(String line) throws Exception {
    Path err = Files.createTempFile(directory, "sh", ".err");
    Path out = Files.createTempFile(directory, "sh", ".out");
    Process process =
        new ProcessBuilder("bash", "-o", "pipefail", "-c", line)
            .directory(directory.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(line).isTrue();
    assertThat(process.exitValue()).as("%s: %s", line, Files.readString(err)).isZero();
    return Files.readString(out, StandardCharsets.UTF_8).strip();
  }

  /** The names of our snapshots that there are. */
  List<String> snapshots() throws Exception {
    return sh("lvs --noheadings -o lv_name @snapferry").lines().map(String::strip).toList();
  }

  /**
   * A hook that prints the checksum of the snapshot that was just taken, for {@link #frozenSum};
   * there must be no other, apart from those that are kept.
   */
  String sumOfSnapshot() {
    return "cat $(lvs --noheadings -o lv_dm_path,lv_tags @snapferry | grep -v snapferry.standby"
        + " | awk '{print $1}') | sha256sum >"
        + sumFile();
  }

  private Path sumFile() {
    return directory.resolve("snapshot.sum");
  }

  /** What that hook printed. */
  String frozenSum() throws IOException {
    return Files.readString(sumFile());
  }

  /** The checksum of a file or device, as sha256sum prints it. */
  String sum(Object path) throws Exception {
    return sh("sha256sum <'" + path + "'") + "\n";
  }

  @Override
  public void close() throws IOException {
    try {
      sh("umount -q " + mountPoint + "; vgremove -q -y -ff " + GROUP);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
