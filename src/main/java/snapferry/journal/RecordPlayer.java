package snapferry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.LittleEndian;
import snapferry.delta.PageRuns;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;

/**
 * Turns records into calls of {@link Replay}, with neighbouring literals gathered into large
 * writes.
 */
final class RecordPlayer {
  private final Geometry geometry;
  private final Replay target;

  private final ByteBuffer gathered;
  private long gatheredAt;

  RecordPlayer(Geometry geometry, Replay target) {
    this.geometry = geometry;
    this.target = target;
    this.gathered = LittleEndian.direct((int) Math.min(BlockSize.MAX, geometry.size()));
  }

  void play(RecordScan record) throws IOException {
    switch (record.type()) {
      case JournalFormat.BLOCK -> {
        if (record.hasRuns()) {
          pages(record);
        }
        target.entry(record.position(), record.entry());
      }
      case JournalFormat.ZERO -> {
        Extent extent = geometry.extent(record.position(), record.count());
        zero(extent.offset(), extent.length());
        target.zeroEntries(record.position(), record.count());
      }
      default -> target.node(record.level(), record.position(), record.node());
    }
  }

  /** Writes what is still gathered. */
  void finish() throws IOException {
    if (gathered.position() > 0) {
      target.literal(gatheredAt, gathered.flip());
      gathered.clear();
    }
  }

  private void pages(RecordScan record) throws IOException {
    long block = record.position();
    byte[] ops = record.ops();
    int pages = geometry.pages(block);
    long offset = geometry.offset(block);
    int literals = 0;
    for (int page = 0; page < pages; ) {
      byte op = ops[page];
      int length = 0;
      for (; page < pages && ops[page] == op; page++) {
        length += geometry.pageLength(block, page);
      }
      if (op == PageRuns.LITERAL) {
        literal(offset, record.literals(literals, length));
        literals += length;
      } else if (op == PageRuns.ZERO) {
        zero(offset, length);
      }
      offset += length;
    }
  }

  private void literal(long offset, ByteBuffer bytes) throws IOException {
    if (offset != gatheredAt + gathered.position() || bytes.remaining() > gathered.remaining()) {
      finish();
    }
    if (gathered.position() == 0) {
      gatheredAt = offset;
    }
    gathered.put(bytes);
  }

  /** In the order of the records, so that the last one wins whatever they are. */
  private void zero(long offset, long length) throws IOException {
    finish();
    target.zero(offset, length);
  }
}
