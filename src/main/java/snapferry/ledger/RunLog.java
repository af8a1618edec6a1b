package snapferry.ledger;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The log of all runs: a file of JSON lines, and older ones beside it.
 *
 * <pre>
 *  runs.jsonl      to which is appended, until it would be longer than the limit
 *  runs.jsonl.1    the one before
 *  runs.jsonl.N    the oldest that is kept
 *  runs.jsonl.last of all that were older, the last line of each pair and the last that went well
 *  runs.jsonl.lock held for as long as a line takes, so that processes do not rotate each other's
 * </pre>
 *
 * <p>Safe for use by several threads and several processes.
 */
public final class RunLog {
  /** Bytes after which a new file is begun, where nobody says otherwise. */
  public static final long DEFAULT_LIMIT = 4L << 20;

  /** How many older files are kept, where nobody says otherwise. */
  public static final int DEFAULT_KEEP = 4;

  private static final String LAST = "last";

  /** Most older files that may be kept. */
  public static final int MAX_KEEP = 99;

  private final Path file;
  private final long limit;
  private final int keep;

  /**
   * @param limit bytes of a file
   * @param keep how many older files to keep, from 0 to {@link #MAX_KEEP}
   */
  public RunLog(Path file, long limit, int keep) {
    this.file = file;
    this.limit = limit;
    this.keep = keep;
  }

  /** What follows from a line, before anybody else can append one. */
  public interface Consequence {
    void draw() throws IOException;
  }

  /** Appends {@code run}, in a new file if the present one is full. */
  public synchronized void append(RunRecord run, Consequence consequence) throws IOException {
    byte[] line = (RunLine.encode(run) + "\n").getBytes(StandardCharsets.UTF_8);
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    try (FileChannel lockFile = FileChannel.open(beside("lock"), CREATE, WRITE);
        FileLock lock = lockFile.lock()) {
      if (!lock.isValid()) {
        throw new IOException(file + " could not be locked");
      }
      for (int age = MAX_KEEP; age > keep; age--) {
        drop(beside(age)); // More were kept before.
      }
      if (Files.exists(file) && Files.size(file) + line.length > limit) {
        rotate();
      }
      write(line);
      consequence.draw();
    }
  }

  private void rotate() throws IOException {
    if (keep == 0) {
      drop(file);
      return;
    }
    drop(beside(keep));
    for (int age = keep - 1; age >= 1; age--) {
      if (Files.exists(beside(age))) {
        Files.move(beside(age), beside(age + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(file, beside(1), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes a file that there may be, but for what only it knows. */
  private void drop(Path going) throws IOException {
    if (Files.exists(going)) {
      LastLines.keep(beside(LAST), going);
      Files.delete(going);
    }
  }

  private Path beside(Object suffix) {
    return file.resolveSibling(file.getFileName() + "." + suffix);
  }

  private void write(byte[] line) throws IOException {
    boolean cutOff = endsInTheMiddle();
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE, APPEND)) {
      // Whoever was cut off in the middle of a line loses that line and no other.
      ByteBuffer bytes = ByteBuffer.allocate(line.length + 1);
      if (cutOff) {
        bytes.put((byte) '\n');
      }
      bytes.put(line).flip();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private boolean endsInTheMiddle() throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      long size = channel.size();
      return size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
    }
  }

  /** The file to which is appended. */
  Path current() {
    return file;
  }

  /** The files that there may be, from the newest to the oldest. */
  List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(file));
    for (int age = 1; age <= keep; age++) {
      files.add(beside(age));
    }
    files.add(beside(LAST));
    return Collections.unmodifiableList(files);
  }
}
