package snapferry.replicate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.FileDevice;
import snapferry.device.LocalStateDirectory;
import snapferry.device.StateDirectory;
import snapferry.device.Volumes;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * A standby of this host. A file has its state beside it, in {@code IMAGE.snapferry/}; a device has
 * it in {@code STATE-ROOT/targets/}, under a name made of its path.
 */
public final class LocalStandbyPlace implements StandbyPlace {
  private static final Path DEVICES = Path.of("/dev");

  /** The one directory below {@code /dev} where files are made. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path image;
  private final Path absolute;
  private final Path stateRoot;
  private final @Nullable Integer keep;
  private final long maxSize;

  /**
   * @param image the file or device, which may be missing
   * @param stateRoot where the state of devices is kept
   */
  public LocalStandbyPlace(Path image, Path stateRoot) {
    this(image, stateRoot, null, Geometry.MAX_SIZE);
  }

  /**
   * @param image the file or device, which may be missing
   * @param stateRoot where the state of devices is kept
   * @param keep for how many epochs to keep what it takes to go back; null for as many as before
   * @param maxSize most bytes of a volume that may be replicated into it, for strangers fill it
   */
  public LocalStandbyPlace(Path image, Path stateRoot, @Nullable Integer keep, long maxSize) {
    this.image = image;
    this.absolute = image.toAbsolutePath().normalize();
    this.stateRoot = stateRoot;
    this.keep = keep;
    this.maxSize = maxSize;
  }

  @Override
  public String name() {
    return image.toString();
  }

  @Override
  public @Nullable Integer keep() {
    return keep;
  }

  @Override
  public long maxSize() {
    return maxSize;
  }

  private boolean isDevice() throws IOException {
    if (Files.exists(image)) {
      return Files.readAttributes(image, BasicFileAttributes.class).isOther();
    }
    return absolute.startsWith(DEVICES) && !absolute.startsWith(MEMORY);
  }

  @Override
  public @Nullable BlockDevice open(boolean write) throws IOException {
    if (!Files.exists(image)) {
      requireCreatable();
      return null;
    }
    if (isEmptyFile()) {
      return null;
    }
    return write ? Volumes.openTarget(image) : Volumes.openSource(image);
  }

  private boolean isEmptyFile() throws IOException {
    return Files.isRegularFile(image) && Files.size(image) == 0;
  }

  private void requireCreatable() throws IOException {
    if (isDevice()) {
      throw new Failure(
          ExitCode.USAGE, image + " does not exist: a device must be there before it is a target");
    }
    if (Files.isSymbolicLink(image)) {
      throw new Failure(ExitCode.USAGE, image + " is a symbolic link that leads nowhere");
    }
    Path parent = absolute.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new Failure(
          ExitCode.USAGE, image + ": there is no directory " + parent + " to make it in");
    }
  }

  @Override
  public BlockDevice create(long size) throws IOException {
    if (!Files.exists(image)) {
      requireCreatable();
      return FileDevice.create(image, size);
    }
    BlockDevice device = FileDevice.openWrite(image);
    try {
      device.resize(size);
      device.sync();
      return device;
    } catch (IOException e) {
      device.close();
      throw e;
    }
  }

  @Override
  public @Nullable StateDirectory state(boolean create) throws IOException {
    Path directory = stateDirectory();
    return create || Files.isDirectory(directory) ? LocalStateDirectory.open(directory) : null;
  }

  /**
   * Opens the state directory to look at it: without its lock, and without ever writing to it.
   *
   * @return null when there is none
   */
  public @Nullable StateDirectory look() throws IOException {
    Path directory = stateDirectory();
    return Files.isDirectory(directory) ? LocalStateDirectory.openReadOnly(directory) : null;
  }

  private Path stateDirectory() throws IOException {
    if (isDevice()) {
      return stateRoot.resolve("targets").resolve(PathKey.directory(Volumes.lastingName(image)));
    }
    // Whatever link leads to a file, it is one standby with one state and one lock.
    Path file = Files.exists(image) ? image.toRealPath() : absolute;
    return file.resolveSibling(file.getFileName() + ".snapferry");
  }
}
