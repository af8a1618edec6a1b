package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.delta.RootHash;

/**
 * All blocks of a round were sent:
 *
 * <pre>
 *  root (32) | DELTA frames u64 | DELTA blocks u64 | ZERO blocks u64 | literal bytes u64
 *  | copied bytes u64 | bytes read from the source u64
 * </pre>
 *
 * @param root what the target must hold now
 * @param deltaFrames DELTA frames of this round
 * @param deltaBlocks blocks in them
 * @param zeroBlocks blocks in the ZERO frames of this round
 * @param literalBytes literal bytes of this round, before compression
 * @param copiedBytes bytes of this round that are copied within the basis
 * @param bytesRead bytes that were read from the source, over all rounds
 */
public record End(
    RootHash root,
    long deltaFrames,
    long deltaBlocks,
    long zeroBlocks,
    long literalBytes,
    long copiedBytes,
    long bytesRead)
    implements Message {
  static final int LENGTH = 80;

  public End {
    Fields.requireCount("DELTA frames", deltaFrames);
    Fields.requireCount("DELTA blocks", deltaBlocks);
    Fields.requireCount("ZERO blocks", zeroBlocks);
    Fields.requireCount("literal bytes", literalBytes);
    Fields.requireCount("copied bytes", copiedBytes);
    Fields.requireCount("bytes read", bytesRead);
  }

  static End read(ByteBuffer in) {
    return new End(
        RootHash.read(in),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong());
  }

  @Override
  public void write(ByteBuffer out) {
    root.write(out);
    out.putLong(deltaFrames).putLong(deltaBlocks).putLong(zeroBlocks);
    out.putLong(literalBytes).putLong(copiedBytes).putLong(bytesRead);
  }

  @Override
  public FrameType type() {
    return FrameType.END;
  }
}
