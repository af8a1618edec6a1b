package snapferry.replicate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import snapferry.codec.LittleEndian;
import snapferry.delta.SignatureShape;
import snapferry.wire.DeltaEncoder;

/**
 * What a worker of the sender makes of one chunk: frames that are ready to be sent, new signature
 * entries for our own record, and counts.
 */
final class SendSlot {
  /** Complete DELTA and ZERO frames, in order; without room until there is the first. */
  ByteBuffer frames = LittleEndian.direct(0);

  /** The last changes of the chunk, after all frames, while they are too few for one. */
  final DeltaEncoder pending;

  /** Per block whose entry differs from our own record: block number u64, entry. */
  final ByteBuffer entries;

  /** Blocks that differ although they were said to be unchanged. */
  final List<Long> missed = new ArrayList<>();

  long deltaFrames;
  long deltaBlocks;
  long zeroBlocks;
  long literalBytes;
  long copiedBytes;
  long zeroBytes;
  long bytesRead;

  /** Where the first difference is, as a block number; -1 when there is none. */
  long firstDifference;

  private final int chunk;

  SendSlot(SignatureShape shape, boolean compress) {
    int chunkBlocks = BlockReading.chunkBlocks(shape.geometry());
    chunk = chunkBlocks * shape.geometry().blockSize().bytes();
    pending = new DeltaEncoder(shape.geometry(), shape.hash(), compress);
    entries = LittleEndian.direct(chunkBlocks * (Long.BYTES + shape.entryLength()));
  }

  /** {@link #frames}, with room for one more. Most chunks of most runs have none. */
  ByteBuffer roomForFrame() {
    if (frames.capacity() == 0) {
      // Literal bytes never grow, and what describes the blocks is a small part of them; the rest
      // is what the encoder wants to work in for one more frame.
      frames = LittleEndian.direct(chunk + DeltaEncoder.maxFrameLength());
    }
    return frames;
  }

  void clear() {
    frames.clear();
    pending.begin();
    entries.clear();
    missed.clear();
    deltaFrames = 0;
    deltaBlocks = 0;
    zeroBlocks = 0;
    literalBytes = 0;
    copiedBytes = 0;
    zeroBytes = 0;
    bytesRead = 0;
    firstDifference = -1;
  }
}
