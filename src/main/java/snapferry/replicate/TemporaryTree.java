package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory for a single run, gone with all that is in it when it is closed: also those above it
 * that were missing, so that a run leaves nothing behind that was not there.
 */
final class TemporaryTree implements Closeable {
  private final Path directory;
  private final List<Path> made;

  private TemporaryTree(Path directory, List<Path> made) {
    this.directory = directory;
    this.made = made;
  }

  /** Makes a new directory, for the owner only, in {@code parent}, which is made when missing. */
  static TemporaryTree make(Path parent) throws IOException {
    List<Path> missing = upwards(parent).takeWhile(each -> !Files.exists(each)).toList();
    Files.createDirectories(parent);
    return new TemporaryTree(Files.createTempDirectory(parent, "snapferry-"), missing);
  }

  /** An absolute path, its parent, and so on up to the root. */
  static Stream<Path> upwards(Path path) {
    List<Path> all = new ArrayList<>();
    for (@Nullable Path each = path; each != null; each = each.getParent()) {
      all.add(each);
    }
    return all.stream();
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(directory)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
    try {
      for (Path each : made) {
        Files.deleteIfExists(each);
      }
    } catch (DirectoryNotEmptyException e) {
      // Somebody else moved in meanwhile.
    }
  }
}
