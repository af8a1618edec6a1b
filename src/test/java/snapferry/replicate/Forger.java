package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * Changes a byte in the payload of frames of one type on their way, and the checksum with it. Whole
 * frames come in, as they do from an end without a rate limit.
 */
@NullMarked
final class Forger implements WritableByteChannel {
  /** Numbers of frame types, as in wire.md. */
  static final byte PLAN = 3;

  static final byte SIGNATURE = 4;
  static final byte ZERO_SIGNATURE = 5;
  static final byte DELTA = 6;
  static final byte END = 8;
  static final byte ACK = 10;

  private final WritableByteChannel out;
  private final byte type;
  private final int at;
  private int forgeries;
  private boolean greeted;

  private Forger(WritableByteChannel out, byte type, int at, int forgeries) {
    this.out = out;
    this.type = type;
    this.at = at;
    this.forgeries = forgeries;
  }

  /**
   * An end whose words are forged.
   *
   * @param at which byte of the payload, or of its end if it is negative
   * @param forgeries how many frames are forged, from the first of this type on
   */
  static Ends of(Ends end, byte type, int at, int forgeries) {
    return new Ends(end.in(), new Forger(end.out(), type, at, forgeries), end.cut());
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    byte[] forged = greeted ? forged(bytes) : bytes;
    greeted = true;
    for (ByteBuffer rest = ByteBuffer.wrap(forged); rest.hasRemaining(); ) {
      out.write(rest);
    }
    return bytes.length;
  }

  private byte[] forged(byte[] bytes) {
    List<byte[]> frames = Garbling.frames(Garbling.join(new byte[Garbling.PREFACE], bytes));
    for (byte[] frame : frames) {
      if (frame[0] == type && forgeries > 0) {
        forgeries--;
        frame[at < 0 ? frame.length + at : Garbling.HEADER + at] ^= 1;
        Garbling.sealed(frame);
      }
    }
    return Garbling.join(frames.toArray(new byte[0][]));
  }

  @Override
  public boolean isOpen() {
    return out.isOpen();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
