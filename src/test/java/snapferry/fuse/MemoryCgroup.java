package snapferry.fuse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * A memory cgroup of this machine, of either version, while a test has processes in it.
 *
 * @param directory its own
 */
@NullMarked
public record MemoryCgroup(Path directory) implements AutoCloseable {
  private static final Path SECOND = Path.of("/sys/fs/cgroup");
  private static final Path FIRST = SECOND.resolve("memory");

  /** Makes one that may have so many bytes, page cache included; else the test is skipped. */
  public static MemoryCgroup of(String name, long bytes) throws IOException {
    boolean first = Files.isDirectory(FIRST);
    Path directory =
        (first ? FIRST : SECOND).resolve("snapferry-" + name + "-" + ProcessHandle.current().pid());
    Path limit = directory.resolve(first ? "memory.limit_in_bytes" : "memory.max");
    try {
      Files.createDirectory(directory);
      Files.writeString(limit, Long.toString(bytes));
    } catch (IOException e) {
      Files.deleteIfExists(directory);
      assumeTrue(false, "SKIPPED: memory cgroups cannot be made here: " + e);
    }
    return new MemoryCgroup(directory);
  }

  /** A command that runs its arguments in it. */
  public List<String> prefix() {
    String enter = "echo $$ >" + directory.resolve("cgroup.procs") + " && exec \"$@\"";
    return List.of("sh", "-c", enter, "sh");
  }

  @Override
  public void close() throws IOException {
    Files.delete(directory);
  }
}
