package snapferry.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import snapferry.codec.FormatException;
import snapferry.failure.ExitCode;

/**
 * An end cannot go on; the last frame of its direction:
 *
 * <pre>
 *  exit code u8 | message UTF-8
 * </pre>
 *
 * @param exit what went wrong, so that both ends exit alike; never one that means done
 * @param text what to tell the operator, cut to {@link #MAX_TEXT} bytes; not escaped, see {@link
 *     snapferry.codec.Printable}
 */
public record ErrorMessage(ExitCode exit, String text) implements Message {
  /** The most bytes of the text, in UTF-8. */
  public static final int MAX_TEXT = 4096;

  public ErrorMessage {
    if (exit == ExitCode.DONE || exit == ExitCode.WARNINGS) {
      throw new IllegalArgumentException("an error that says " + exit);
    }
    text = Fields.cut(text, MAX_TEXT);
  }

  static ErrorMessage read(ByteBuffer in) throws FormatException {
    ExitCode exit = ExitCode.of(Fields.u8(in));
    return new ErrorMessage(exit, Fields.utf8(in, in.remaining()));
  }

  @Override
  public void write(ByteBuffer out) {
    out.put((byte) exit.code());
    out.put(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public FrameType type() {
    return FrameType.ERROR;
  }
}
