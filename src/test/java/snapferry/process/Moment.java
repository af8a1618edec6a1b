package snapferry.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;

/**
 * A moment of a run, by what can be seen of it from outside.
 *
 * @param name for messages
 * @param condition whether it has come
 */
@NullMarked
record Moment(String name, Condition condition) {
  interface Condition {
    boolean holds() throws IOException;
  }

  /** Some time after this was called. */
  static Moment after(Duration delay) {
    long due = System.nanoTime() + delay.toNanos();
    return new Moment(delay.toMillis() + " ms after the start", () -> System.nanoTime() - due >= 0);
  }

  /** Some time after another moment. */
  Moment plus(Duration delay) {
    long[] due = {0};
    return new Moment(
        name + " and " + delay.toNanos() / 1000 + " µs",
        () -> {
          if (due[0] == 0 && condition.holds()) {
            due[0] = System.nanoTime() + delay.toNanos();
          }
          return due[0] != 0 && System.nanoTime() - due[0] >= 0;
        });
  }

  static Moment journalHolds(StateTrace state, long bytes) {
    return new Moment("a journal of " + bytes + " bytes", () -> state.journalBytes() >= bytes);
  }

  static Moment committed(StateTrace state) {
    return new Moment("the commit", state::committed);
  }

  static Moment epochAfter(StateTrace state, long epoch) {
    return new Moment("a manifest after epoch " + epoch, () -> state.epoch() > epoch);
  }

  /** The file has other bytes at {@code offset} than these; also when it appears. */
  static Moment changed(Path file, long offset, byte[] bytes) {
    ByteBuffer before = ByteBuffer.wrap(bytes);
    return new Moment(
        "a change of the image at " + offset,
        () -> {
          try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer now = ByteBuffer.allocate(bytes.length);
            return channel.read(now, offset) == bytes.length && !now.flip().equals(before);
          } catch (NoSuchFileException e) {
            return false;
          }
        });
  }

  static Moment exists(Path file) {
    return new Moment("the existence of " + file.getFileName(), () -> Files.exists(file));
  }
}
