package snapferry.track;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.NullMarked;
import snapferry.device.LoopDevice;

/**
 * Writes to a file through a mapping, in a process of its own: a mapping lasts until the collector
 * finds it, and would keep the mount busy.
 */
@NullMarked
final class MappedWrites {
  private static final int PAGE = 4096;

  private MappedWrites() {}

  /** Writes to two pages of {@code file} that lie {@code offset} bytes or more in it. */
  static void into(Path file, long offset) throws IOException {
    LoopDevice.run(
        ProcessHandle.current().info().command().orElse("java"),
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        MappedWrites.class.getName(),
        file.toString(),
        Long.toString(offset));
  }

  /** The process: a file and an offset. */
  public static void main(String[] arguments) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped =
          file.map(FileChannel.MapMode.READ_WRITE, Long.parseLong(arguments[1]), 32 * PAGE);
      mapped.put(5 * PAGE, (byte) 7).put(9 * PAGE + 1, (byte) 8);
      mapped.force();
    }
  }
}
