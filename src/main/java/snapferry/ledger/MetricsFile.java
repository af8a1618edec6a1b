package snapferry.ledger;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file from which node_exporter reads: replaced as a whole, and readable by its user. */
public final class MetricsFile {
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path file;

  public MetricsFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /** Makes {@code text} its content; whoever reads meanwhile reads the old one or the new. */
  public void replace(String text) throws IOException {
    // node_exporter reads what ends in .prom; this does not, whatever process writes it.
    Path aside =
        file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    Files.deleteIfExists(aside);
    try (FileChannel channel = FileChannel.open(aside, CREATE_NEW, WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    // A umask may be stricter, and the reader is another user.
    Files.setPosixFilePermissions(aside, READABLE);
    Files.move(aside, file, ATOMIC_MOVE);
  }
}
