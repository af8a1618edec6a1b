package snapferry.track;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.Crc32c;
import snapferry.codec.LittleEndian;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.extent.Geometry;
import snapferry.replicate.Monitor;

/**
 * Fuzz target: a dirty map whose headers have right checksums. The input is the length of what is
 * used of slot A (u16), those bytes, and the same for slot B; then what the stamps' sectors hold.
 * Whatever is there, a map can be opened, and names regions of the volume only.
 */
@NullMarked
public final class DirtyMapFuzz {
  private static final int CRC = MapLayout.SLOT - Integer.BYTES;
  private static final String STATE = "state";

  private DirtyMapFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    HostileDisk disk = new HostileDisk();
    try (StateDirectory directory = disk.directory(STATE)) {
      directory.replace(DirtyMap.FILE, file(input));
      try (DirtyMap map = DirtyMap.open(directory, null, MapRig.SIGHT, Monitor.SILENT)) {
        check(map);
      } catch (IOException e) {
        // Not a generation is left: said so, and a person decides.
        if (!String.valueOf(e.getMessage()).contains("no generations left")) {
          throw e;
        }
      }
    }
  }

  private static void check(DirtyMap map) throws IOException {
    for (Base base : map.bases().all()) {
      map.changesSince(
          base.generation(),
          extent -> {
            if (extent.offset() < 0 || extent.length() <= 0 || extent.end() > MapRig.SIZE) {
              throw new AssertionError("beyond the volume: " + extent);
            }
          });
    }
    map.mark(0, MapRig.SIZE);
    map.begin(map.announce());
  }

  private static byte[] file(byte[] input) {
    ByteBuffer in = LittleEndian.wrap(input);
    MapLayout layout = new MapLayout(new Geometry(MapRig.SIZE, MapRig.REGION));
    ByteBuffer file = LittleEndian.heap((int) layout.fileSize());
    for (int slot = 0; slot < 2; slot++) {
      int at = (int) MapLayout.slotOffset(slot);
      int length = in.remaining() < Short.BYTES ? 0 : Short.toUnsignedInt(in.getShort());
      file.put(at, taken(in, Math.min(length, CRC)));
      file.putInt(at + CRC, Crc32c.of(file, at, at + CRC));
    }
    int stamps = (int) MapLayout.sectorOffset(0);
    file.put(stamps, taken(in, file.capacity() - stamps));
    return file.array();
  }

  private static byte[] taken(ByteBuffer in, int most) {
    byte[] bytes = new byte[Math.min(most, in.remaining())];
    in.get(bytes);
    return bytes;
  }
}
