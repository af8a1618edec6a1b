package snapferry.lvm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.FormatException;

/** Fuzz target: a report of LVM, and the volumes in it. */
@NullMarked
public final class LvmReportFuzz {
  private LvmReportFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      for (Map<String, String> row : LvmReport.volumes(new String(input, UTF_8))) {
        LogicalVolume volume = LogicalVolume.parse(row);
        SnapshotTags.run(volume);
        if (volume.size() < 0 || volume.groupFree() < 0 || volume.name().startsWith("-")) {
          throw new AssertionError(volume);
        }
      }
    } catch (FormatException e) {
      // Refused: as it should be.
    }
  }
}
