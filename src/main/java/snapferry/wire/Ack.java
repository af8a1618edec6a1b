package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.delta.RootHash;

/**
 * The target holds this epoch, durably:
 *
 * <pre>
 *  epoch u64 | root (32) | bytes read from the image u64 | bytes written to the image u64
 *  | journal bytes u64
 * </pre>
 *
 * @param epoch the epoch; 0 if the target holds none (after a DRY_RUN or VERIFY)
 * @param root its content
 * @param bytesRead bytes that were read from the image
 * @param bytesWritten bytes that were written to the image
 * @param journalBytes bytes that were written to the journal
 */
public record Ack(long epoch, RootHash root, long bytesRead, long bytesWritten, long journalBytes)
    implements Message {
  static final int LENGTH = 64;

  public Ack {
    Fields.requireCount("epoch", epoch);
    Fields.requireCount("bytes read", bytesRead);
    Fields.requireCount("bytes written", bytesWritten);
    Fields.requireCount("journal bytes", journalBytes);
  }

  static Ack read(ByteBuffer in) {
    return new Ack(in.getLong(), RootHash.read(in), in.getLong(), in.getLong(), in.getLong());
  }

  @Override
  public void write(ByteBuffer out) {
    out.putLong(epoch);
    root.write(out);
    out.putLong(bytesRead).putLong(bytesWritten).putLong(journalBytes);
  }

  @Override
  public FrameType type() {
    return FrameType.ACK;
  }
}
