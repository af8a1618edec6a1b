package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * The log of a dm-log-writes device: every write to the disk, in the order in which the disk had to
 * keep it. What completed before a flush comes before the flush. The source is
 * drivers/md/dm-log-writes.c of Linux.
 *
 * <pre>
 * sector 0   magic 0x6a736677736872 u64 | version 1 u64 | entries u64 | sector size u32
 * then, for each entry, one sector and what was written:
 *            sector u64 | sectors u64 | flags u64 | length of a mark u64 | mark
 *            data: sectors × sector size; none for a discard
 * </pre>
 */
@NullMarked
final class WriteLog implements Closeable {
  /** The mark that the device itself makes when it is removed. */
  static final String END = "dm-log-writes-end";

  private static final long MAGIC = 0x6a736677736872L;
  private static final int HEADER = 28;
  private static final int ENTRY = 32;

  private static final int FLUSH = 1;
  private static final int FUA = 2;
  private static final int DISCARD = 4;
  private static final int MARK = 8;

  private final FileChannel log;
  private final int sectorSize;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * Something that happened to the disk.
   *
   * @param at where it was written, in bytes
   * @param length how many bytes
   * @param dataAt where they are in the log
   * @param mark what a mark says; empty for others
   */
  record Entry(long at, int length, long flags, long dataAt, String mark) {
    /** Whether all before it, and itself, is on the disk whatever happens then. */
    boolean isDurable() {
      return (flags & (FLUSH | FUA)) != 0;
    }

    boolean isMark() {
      return (flags & MARK) != 0;
    }
  }

  WriteLog(Path device) throws IOException {
    log = FileChannel.open(device);
    ByteBuffer header = read(0, HEADER);
    assertThat(header.getLong()).isEqualTo(MAGIC);
    assertThat(header.getLong()).isEqualTo(1);
    long count = header.getLong();
    sectorSize = header.getInt();
    long position = sectorSize;
    for (long i = 0; i < count; i++) {
      ByteBuffer entry = read(position, sectorSize);
      long at = entry.getLong() * sectorSize;
      int length = Math.toIntExact(entry.getLong() * sectorSize);
      long flags = entry.getLong();
      byte[] mark = new byte[(flags & MARK) == 0 ? 0 : Math.toIntExact(entry.getLong())];
      entry.position(ENTRY).get(mark);
      position += sectorSize;
      String text = new String(mark, StandardCharsets.US_ASCII).strip().replace("\0", "");
      entries.add(new Entry(at, length, flags, position, text));
      position += (flags & DISCARD) == 0 ? length : 0;
    }
  }

  /** All that happened, in order. */
  List<Entry> entries() {
    return entries;
  }

  /** Does to {@code disk} what {@code entry} did. */
  void replay(Entry entry, FileChannel disk) throws IOException {
    ByteBuffer data =
        (entry.flags() & DISCARD) == 0
            ? read(entry.dataAt(), entry.length())
            : ByteBuffer.allocate(entry.length());
    long at = entry.at();
    while (data.hasRemaining()) {
      at += disk.write(data, at);
    }
  }

  private ByteBuffer read(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (log.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("the log ends at " + at);
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
