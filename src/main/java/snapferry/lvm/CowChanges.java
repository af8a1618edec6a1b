package snapferry.lvm;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import snapferry.change.ChangeMap;
import snapferry.codec.FormatException;

/**
 * What changed since a classic snapshot was taken is what the kernel had to save for it: every
 * chunk of the origin that was written to has an exception in its COW store before the write goes
 * on. Read after the newer snapshot was taken, the table names at least all that differs between
 * the two.
 */
final class CowChanges implements Bases.ChangeReading {
  @Override
  public String name() {
    return ChangesMode.COW.label();
  }

  @Override
  public ChangeMap between(LogicalVolume base, LogicalVolume now, long size) throws IOException {
    ChangeMap changes = new ChangeMap(name(), size);
    try (CowDevice store = new CowDevice(Path.of(base.node() + "-cow"))) {
      CowTable.read(store, size, changes::mayDiffer);
    }
    // Last: a store that overflowed while it was read has no table that says all.
    TargetStatus status = TargetStatus.parse(Lvm.status(base.node()));
    if (!status.whole()) {
      throw new FormatException("it is lost: " + status.words());
    }
    if (status.size() != size) {
      throw new FormatException("the volume had " + status.size() + " bytes then");
    }
    return changes;
  }

  /**
   * The store's device, read past the page cache: the kernel writes the table below it, and what
   * somebody read of it before may still be in there.
   */
  private static final class CowDevice implements CowTable.Store, AutoCloseable {
    private final Path node;
    private final FileChannel channel;

    CowDevice(Path node) throws IOException {
      this.node = node;
      this.channel = FileChannel.open(node, StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      for (long at = offset; into.hasRemaining(); ) {
        int count = channel.read(into, at);
        if (count < 0) {
          throw new EOFException(node + " ends at offset " + at);
        }
        at += count;
      }
    }

    @Override
    public ByteBuffer buffer(int length) {
      return ByteBuffer.allocateDirect(length + CowTable.MIN_CHUNK)
          .alignedSlice(CowTable.MIN_CHUNK)
          .limit(length)
          .slice();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
