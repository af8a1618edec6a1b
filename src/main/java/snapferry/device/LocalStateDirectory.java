package snapferry.device;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** A state directory on a local file system. */
public final class LocalStateDirectory implements StateDirectory {
  private static final String OWNER_ONLY = "rwx------";
  private static final long RETRY_MILLIS = 50;

  private final Path directory;
  private final @Nullable DirectoryLock lock;

  private LocalStateDirectory(Path directory, @Nullable DirectoryLock lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Opens a directory under its lock, and creates it when it is missing: for the owner only, since
   * the signature in it holds the key of the hash.
   *
   * @throws Failure {@link ExitCode#LOCKED} if another run works there
   */
  public static LocalStateDirectory open(Path directory) throws IOException {
    try {
      create(directory.toAbsolutePath());
      return new LocalStateDirectory(directory, DirectoryLock.acquire(directory));
    } catch (AccessDeniedException e) {
      throw Denial.of(directory, "written to", e);
    }
  }

  /**
   * Opens a directory as {@link #open} does, as soon as nobody works there.
   *
   * @param waiting is called once if somebody does
   * @throws Failure {@link ExitCode#LOCKED} if somebody still does after {@code patience}
   */
  public static LocalStateDirectory await(Path directory, Duration patience, Runnable waiting)
      throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    for (boolean first = true; ; first = false) {
      try {
        return open(directory);
      } catch (Failure e) {
        if (e.exit() != ExitCode.LOCKED || System.nanoTime() - end > 0) {
          throw e;
        }
      }
      if (first) {
        waiting.run();
      }
      try {
        Thread.sleep(RETRY_MILLIS);
      } catch (InterruptedException e) {
        throw Failure.interrupted(e);
      }
    }
  }

  /**
   * Opens an existing directory to look at it: without its lock, and without ever writing to it.
   */
  public static LocalStateDirectory openReadOnly(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new Failure(ExitCode.USAGE, directory + " is no state directory");
    }
    return new LocalStateDirectory(directory, null);
  }

  private static void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = Directories.parent(directory);
    createParents(parent);
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw new Failure(ExitCode.USAGE, directory + " is not a directory", e);
      }
    }
    Directories.sync(parent);
  }

  /** Makes what is missing above, durably: with a name, all that is below it is lost. */
  private static void createParents(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = Directories.parent(directory);
      createParents(parent);
      Files.createDirectories(directory);
      Directories.sync(parent);
    }
  }

  @Override
  public String name() {
    return directory.toString();
  }

  @Override
  public boolean exists(String file) {
    return Files.exists(directory.resolve(file));
  }

  @Override
  public List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Override
  public Storage open(String file) throws IOException {
    return new ChannelStorage(directory.resolve(file).toString(), openChannel(file));
  }

  private FileChannel openChannel(String file) throws IOException {
    Path path = directory.resolve(file);
    return lock == null
        ? FileChannel.open(path, READ)
        : FileChannel.open(path, CREATE, READ, WRITE);
  }

  @Override
  public byte @Nullable [] load(String file, int limit) throws IOException {
    try (InputStream stream = Files.newInputStream(directory.resolve(file))) {
      byte[] content = stream.readNBytes(limit);
      if (stream.read() >= 0) {
        throw new IOException(
            directory.resolve(file) + ": longer than the " + limit + " bytes it may have");
      }
      return content;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    requireLock();
    Path aside = directory.resolve(file + ".new");
    try (Storage storage =
        new ChannelStorage(
            aside.toString(), FileChannel.open(aside, CREATE, TRUNCATE_EXISTING, WRITE))) {
      storage.write(0, ByteBuffer.wrap(content));
      storage.sync();
    }
    Files.move(aside, directory.resolve(file), ATOMIC_MOVE);
    Directories.sync(directory);
  }

  @Override
  public void delete(String file) throws IOException {
    requireLock();
    if (Files.deleteIfExists(directory.resolve(file))) {
      Directories.sync(directory);
    }
  }

  @Override
  public void sync() throws IOException {
    requireLock();
    Directories.sync(directory);
  }

  private void requireLock() throws IOException {
    if (lock == null) {
      throw new IOException(directory + ": was opened for looking only, without its lock");
    }
  }

  @Override
  public long usableSpace() {
    // Asks the file system at once; a FileStore would read the table of mounts first.
    return directory.toFile().getUsableSpace();
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
