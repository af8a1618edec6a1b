package snapferry.device;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Durability of names. */
final class Directories {
  private Directories() {}

  /**
   * Makes creations, renames and removals in {@code directory} durable: Linux syncs a directory
   * opened for reading.
   */
  static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
