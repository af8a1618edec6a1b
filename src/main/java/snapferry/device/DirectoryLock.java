package snapferry.device;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * The lock of a state directory: an fcntl(2) lock on its file {@code lock}, which also holds the
 * process id of the owner, for messages. The file stays; the kernel drops the lock with the
 * process, however that ends.
 */
final class DirectoryLock implements Closeable {
  private static final String FILE = "lock";

  /** More digits than any process id has. */
  private static final int MAX_PID = 20;

  /**
   * Inodes of the directories that this process holds. Such a lock belongs to a process and is lost
   * when the process closes *any* descriptor of the file, so a second attempt must be turned away
   * before it opens the file.
   */
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  private final Object directory;
  private final FileChannel channel;

  private DirectoryLock(Object directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * @throws Failure {@link ExitCode#LOCKED} if another run, here or in another process, has the
   *     lock
   */
  static DirectoryLock acquire(Path directory) throws IOException {
    Object inode =
        Objects.requireNonNull(
            Files.readAttributes(directory, BasicFileAttributes.class).fileKey(), "inode");
    if (!HELD.add(inode)) {
      throw locked(directory, Long.toString(ProcessHandle.current().pid()));
    }
    try {
      return new DirectoryLock(inode, lock(directory));
    } catch (IOException e) {
      HELD.remove(inode);
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel = FileChannel.open(directory.resolve(FILE), CREATE, READ, WRITE);
    try {
      if (channel.tryLock() == null) {
        throw locked(directory, pid(channel));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static String pid(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_PID);
    channel.read(text, 0);
    String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
    return pid.matches("[0-9]+") ? pid : "unknown";
  }

  private static Failure locked(Path directory, String pid) {
    return new Failure(
        ExitCode.LOCKED, directory + " is in use by another run (process " + pid + ")");
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(directory);
    }
  }
}
