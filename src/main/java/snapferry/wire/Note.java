package snapferry.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import snapferry.codec.FormatException;

/**
 * Something that the operator of the other end should read. The payload is the text, in UTF-8.
 *
 * @param text cut to {@link #MAX_TEXT} bytes; not escaped, see {@link snapferry.codec.Printable}
 */
public record Note(String text) implements Message {
  /** The most bytes of the text, in UTF-8. */
  public static final int MAX_TEXT = 4096;

  public Note {
    text = Fields.cut(text, MAX_TEXT);
  }

  static Note read(ByteBuffer in) throws FormatException {
    return new Note(Fields.utf8(in, in.remaining()));
  }

  @Override
  public void write(ByteBuffer out) {
    out.put(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public FrameType type() {
    return FrameType.NOTE;
  }
}
