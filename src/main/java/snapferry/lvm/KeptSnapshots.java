package snapferry.lvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.device.MappedDevice;

/** The snapshots that are kept of a volume for what its standbys hold, looked at from outside. */
public final class KeptSnapshots {
  private KeptSnapshots() {}

  /**
   * How full the fullest classic snapshot is that is kept of {@code source} for {@code standby},
   * from 0 to 1; one that is lost is full. Empty if none is kept, or that cannot be told.
   */
  public static OptionalDouble fill(Path source, UUID standby) {
    try {
      @Nullable MappedDevice device = MappedDevice.of(source);
      @Nullable LogicalVolume origin =
          device == null || !device.isLogicalVolume() ? null : Lvm.find(device);
      OptionalDouble fullest = OptionalDouble.empty();
      if (origin == null) {
        return fullest;
      }
      for (LogicalVolume kept : Lvm.tagged(SnapshotTags.OURS)) {
        if (kept.originUuid().equals(origin.uuid())
            && SnapshotTags.isKeptFor(kept, standby)
            && !kept.isThin()) {
          TargetStatus status = TargetStatus.parse(Lvm.status(kept.node()));
          double fill = status.whole() ? status.level() : 1;
          fullest = OptionalDouble.of(Math.max(fill, fullest.orElse(0)));
        }
      }
      return fullest;
    } catch (IOException e) {
      return OptionalDouble.empty(); // A run has more to say of what is wrong.
    }
  }
}
