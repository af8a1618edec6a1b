package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.LittleEndian;
import snapferry.session.SenderSession;
import snapferry.wire.DeltaEncoder;

/**
 * Puts the changes of neighbouring chunks into one frame where each has few: LZ4 finds more in what
 * is long, and a frame has a price. Chunks with much to send have made their frames themselves.
 */
final class DeltaGathering {
  /** As many literal bytes are a frame; LZ4 looks back 64 KiB, so more would gain nothing. */
  static final int ENOUGH = 256 << 10;

  private final Line line;
  private final SenderSession session;
  private final DeltaEncoder gathered;
  private final boolean send;
  private ByteBuffer frame = LittleEndian.direct(0);
  private long blocks;
  private long literalBytes;
  private long copiedBytes;

  /**
   * @param gathered an empty encoder
   * @param send whether to send frames, or only to count
   */
  DeltaGathering(Line line, SenderSession session, DeltaEncoder gathered, boolean send) {
    this.line = line;
    this.session = session;
    this.gathered = gathered;
    this.send = send;
  }

  /** Takes in what is in {@code pending}, which comes after all that was taken in before. */
  void take(DeltaEncoder pending) throws IOException {
    if (pending.isEmpty()) {
      return;
    }
    if (!gathered.append(pending)) {
      flush();
      gathered.append(pending);
    }
    if (gathered.literalBytes() >= ENOUGH) {
      flush();
    }
  }

  /** Sends what was gathered; to be called before anything that comes after it is sent. */
  void flush() throws IOException {
    if (gathered.isEmpty()) {
      return;
    }
    blocks += gathered.blocks();
    literalBytes += gathered.literalBytes();
    copiedBytes += gathered.copiedBytes();
    session.delta(1, gathered.blocks(), gathered.literalBytes(), gathered.copiedBytes());
    if (send) {
      if (frame.capacity() == 0) {
        frame = LittleEndian.direct(DeltaEncoder.maxFrameLength());
      }
      gathered.finish(frame.clear());
      line.send(frame.flip());
    }
    gathered.begin();
  }

  /** Blocks that went out. */
  long blocks() {
    return blocks;
  }

  /** Literal bytes that went out, before compression. */
  long literalBytes() {
    return literalBytes;
  }

  /** Bytes that went out as copies. */
  long copiedBytes() {
    return copiedBytes;
  }
}
