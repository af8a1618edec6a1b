package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Our end of a line: what comes in, what goes out.
 *
 * @param in blocking
 * @param out blocking
 * @param cut cuts the line at once, also under a thread that is blocked in a read or a write; may
 *     be called twice
 */
public record Ends(ReadableByteChannel in, WritableByteChannel out, Closeable cut) {
  /** Two ends of one line within this process. */
  public static Ends[] pair() throws IOException {
    Pipe there = Pipe.open();
    Pipe back = Pipe.open();
    return new Ends[] {of(back.source(), there.sink()), of(there.source(), back.sink())};
  }

  /** An end over channels whose closing wakes up whoever is blocked in them. */
  public static Ends of(ReadableByteChannel in, WritableByteChannel out) {
    return new Ends(
        in,
        out,
        () -> {
          try (in) {
            out.close();
          }
        });
  }
}
