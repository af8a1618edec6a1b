package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.delta.EntryWriter;
import snapferry.delta.Signature;
import snapferry.device.BlockDevice;
import snapferry.journal.Replay;

/**
 * Where a committed journal is applied: the image (none on the source) and its signature (none if
 * it was lost). The same for the normal end of a run and for recovery: there is one way from a
 * journal to an epoch.
 */
final class Application implements Replay {
  private final @Nullable BlockDevice image;
  private final @Nullable Signature signature;
  private final @Nullable EntryWriter entries;
  private final Monitor monitor;
  private final long total;
  private long bytesWritten;
  private long done;

  /**
   * @param total bytes of the journal, for progress
   */
  Application(
      @Nullable BlockDevice image, @Nullable Signature signature, Monitor monitor, long total) {
    this.image = image;
    this.signature = signature;
    this.entries = signature == null ? null : signature.entryWriter(true);
    this.monitor = monitor;
    this.total = total;
  }

  @Override
  public void literal(long offset, ByteBuffer bytes) throws IOException {
    if (image != null) {
      int length = bytes.remaining();
      image.write(offset, bytes);
      bytesWritten += length;
      done += length;
      monitor.progress(Math.min(done, total), total);
    }
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    if (image != null) {
      image.zero(offset, length);
    }
  }

  @Override
  public void entry(long block, ByteBuffer entry) throws IOException {
    if (entries != null) {
      entries.put(block, entry);
    }
  }

  @Override
  public void zeroEntries(long first, long count) throws IOException {
    if (entries != null) {
      entries.putZeros(first, count);
    }
  }

  @Override
  public void node(int level, long index, ByteBuffer node) throws IOException {
    if (signature != null) {
      signature.putNode(level, index, node);
    }
  }

  /** Makes image and signature durable: after this the manifest may say so. */
  void sync() throws IOException {
    if (image != null) {
      image.sync();
    }
    if (entries != null) {
      entries.sync();
    }
  }

  long bytesWritten() {
    return bytesWritten;
  }
}
