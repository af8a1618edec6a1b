package snapferry.lvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.CacheUse;
import snapferry.device.Volumes;
import snapferry.posix.Descriptor;
import snapferry.replicate.Snapshot;

/**
 * A clone of a file that shares its blocks, on XFS, btrfs and others that can. It has no name, so
 * nothing of it is left however the run ends.
 */
final class FileClone implements Snapshot {
  private final Path source;
  private final Descriptor clone;

  private FileClone(Path source, Descriptor clone) {
    this.source = source;
    this.clone = clone;
  }

  /**
   * Makes one in the directory of {@code source}.
   *
   * @throws IOException where the file system cannot, or the directory may not be written to
   */
  static FileClone of(Path source) throws IOException {
    Path file = source.toRealPath();
    Descriptor clone = nameless(file);
    try (Descriptor original = Descriptor.open(file, Descriptor.Access.READ)) {
      clone.cloneFrom(original);
      return new FileClone(source, clone);
    } catch (IOException e) {
      clone.close();
      throw e;
    }
  }

  private static Descriptor nameless(Path beside) throws IOException {
    Path name = Files.createTempFile(beside.getParent(), ".snapferry-", ".clone");
    try {
      return Descriptor.open(name, Descriptor.Access.READ_WRITE);
    } finally {
      Files.delete(name);
    }
  }

  @Override
  public BlockDevice open(@Nullable CacheUse cache) throws IOException {
    return Volumes.openSource(clone.path(), source + " (clone)", cache);
  }

  @Override
  public boolean isFrozen() {
    return true;
  }

  @Override
  public void check() {}

  @Override
  public void close() throws IOException {
    clone.close();
  }
}
