package snapferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/**
 * A disk that holds all of a standby: its image, and behind it a file system with its state, so
 * that one power cut hits both in the order in which they were written. Where the two are is told
 * by device-mapper, so the disk below them can be any.
 */
@NullMarked
final class StandbyDisk {
  /** The image: as large as {@link Images#SIZE}. */
  static final Path IMAGE = Path.of("/dev/mapper/image");

  private static final int IMAGE_SECTORS = Images.SIZE / 512;

  /** More than the 16 MiB that a journal leaves free. */
  private static final int STATE_SECTORS = 40 << 11;

  static final int SECTORS = IMAGE_SECTORS + STATE_SECTORS;

  private final Lab lab;
  private final Path directory;

  /**
   * @param directory where the file system with the state is mounted, in {@code mounted}
   */
  StandbyDisk(Lab lab, Path directory) {
    this.lab = lab;
    this.directory = directory;
  }

  /** The state directory, while it is attached. */
  Path state() {
    return directory.resolve("mounted");
  }

  /** Makes both of {@code disk}, new. */
  void make(String disk) throws Exception {
    map(disk);
    lab.sh("mkfs.ext4 -q -b 1024 /dev/mapper/state && mount /dev/mapper/state mounted");
  }

  /** Takes what is on {@code disk}, as the next start of a machine does. */
  void attach(String disk) throws Exception {
    map(disk);
    lab.sh("mount /dev/mapper/state mounted");
  }

  private void map(String disk) throws Exception {
    lab.sh(
        "dmsetup create image --table '0 %d linear %s 0'".formatted(IMAGE_SECTORS, disk)
            + " && dmsetup create state --table '0 %d linear %s %d'"
                .formatted(STATE_SECTORS, disk, IMAGE_SECTORS));
  }

  void detach() throws Exception {
    lab.sh("umount mounted && dmsetup remove image && dmsetup remove state");
  }

  /** The bytes of the image. */
  static byte[] content() throws IOException {
    return Files.readAllBytes(IMAGE);
  }
}
