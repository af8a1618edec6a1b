package snapferry.track;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.device.Storage;

/**
 * The two places of a header, written in turn: whichever write a crash garbles, the other slot
 * holds the header before it. That an older header is as safe, only vaguer, is argued in {@code
 * dirty-map.md}. Not safe for use by several threads.
 */
final class HeaderSlots {
  private final Storage file;
  private final ByteBuffer slot = LittleEndian.direct(MapLayout.SLOT);

  HeaderSlots(Storage file) {
    this.file = file;
  }

  /** The valid header with the highest sequence; null if no slot is valid. */
  @Nullable MapHeader newest() throws IOException {
    if (file.size() < MapLayout.sectorOffset(0)) {
      return null;
    }
    MapHeader a = read(0);
    MapHeader b = read(1);
    return a == null || (b != null && b.sequence() > a.sequence()) ? b : a;
  }

  private @Nullable MapHeader read(int which) throws IOException {
    file.read(MapLayout.slotOffset(which), slot.clear());
    try {
      return MapHeader.read(slot);
    } catch (FormatException e) {
      return null;
    }
  }

  /** Makes this the header; durable when this returns. */
  void write(MapHeader header) throws IOException {
    header.write(slot);
    file.write(MapLayout.slotOffset((int) (header.sequence() % 2)), slot);
    file.syncData();
  }
}
