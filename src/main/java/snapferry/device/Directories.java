package snapferry.device;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Durability of names. */
final class Directories {
  private Directories() {}

  /** Makes the creation, renaming or removal of {@code file} durable. */
  static void syncParent(Path file) throws IOException {
    sync(parent(file));
  }

  /** The directory that holds {@code file}. */
  static Path parent(Path file) {
    return Objects.requireNonNull(
        file.toAbsolutePath().getParent(), "only the root directory has no parent");
  }

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
