package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.delta.Zeros;
import snapferry.device.StateDirectory;
import snapferry.failure.Failure;
import snapferry.session.SenderSession;
import snapferry.wire.Frame;
import snapferry.wire.SignatureDecoder;
import snapferry.wire.ZeroSignature;

/**
 * A signature that is still arriving from the standby while the source is read: kept in a file,
 * because it grows with the volume. Who needs a block that has not come yet waits for it.
 */
final class ArrivingBasis implements BasisSignature, Inbox.SignatureSink {
  private static final String FILE = "arriving";
  private static final int SCAN_BLOCKS = 4096;

  private final StateDirectory directory;
  private final Signature signature;
  private final SenderSession session;
  private final SignatureDecoder decoder;
  private final ByteBuffer scan;
  private final int hashLength;
  private long arrived;
  private @Nullable Failure failure;

  /**
   * @param directory where the file lives; owned by this
   */
  ArrivingBasis(StateDirectory directory, SignatureShape shape, SenderSession session)
      throws IOException {
    this.directory = directory;
    this.session = session;
    this.decoder = new SignatureDecoder(shape);
    this.hashLength = shape.hash().length();
    this.scan = LittleEndian.direct(SCAN_BLOCKS * hashLength);
    try {
      this.signature = Signature.create(directory.open(FILE), shape);
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public void accept(Frame frame) throws IOException {
    if (frame.message() instanceof ZeroSignature zeros) {
      session.signature(zeros.first(), zeros.count());
      arrived(zeros.first() + zeros.count());
      return;
    }
    decoder.reset(frame.payload());
    long first = 0;
    int count = 0;
    int at = 0;
    while (decoder.next()) {
      if (count == 0) {
        first = decoder.block();
        at = decoder.entryAt();
      }
      count++;
    }
    session.signature(first, count);
    signature.putEntries(first, count, LittleEndian.duplicate(decoder.entries()).position(at));
    arrived(first + count);
  }

  @Override
  public synchronized void fail(Failure cause) {
    failure = cause;
    notifyAll();
  }

  private synchronized void arrived(long end) {
    arrived = end;
    notifyAll();
  }

  @Override
  public synchronized void await(long end) throws IOException {
    while (arrived < end) {
      if (failure != null) {
        throw failure;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        throw Failure.interrupted(e);
      }
    }
  }

  @Override
  public synchronized long known() {
    return arrived;
  }

  @Override
  public void hashes(long first, int count, ByteBuffer into) throws IOException {
    signature.hashes(first, count, into);
  }

  @Override
  public void pageSums(long first, int count, ByteBuffer into) throws IOException {
    signature.pageSums(first, count, into);
  }

  @Override
  public long nextNonZero(long from, long limit) throws IOException {
    synchronized (scan) {
      for (long block = from; block < limit; block += SCAN_BLOCKS) {
        int count = (int) Math.min(SCAN_BLOCKS, limit - block);
        signature.hashes(block, count, scan.clear());
        if (!Zeros.isZero(scan, 0, count * hashLength)) {
          int at = 0;
          while (Zeros.isZero(scan, at * hashLength, hashLength)) {
            at++;
          }
          return block + at;
        }
      }
    }
    return limit;
  }

  @Override
  public void close() throws IOException {
    try (directory) {
      signature.close();
    }
  }
}
