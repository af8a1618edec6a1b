package snapferry.lvm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import snapferry.change.ChangeMap;
import snapferry.codec.FormatException;
import snapferry.replicate.Monitor;

/**
 * What differs between two thin snapshots, by the metadata of their pool, of which a snapshot is
 * reserved meanwhile: a pool has room for one.
 */
final class ThinChanges implements Bases.ChangeReading {
  private static final int DELTA_SECONDS = 600;

  private final Path stateRoot;
  private final Monitor monitor;

  ThinChanges(Path stateRoot, Monitor monitor) {
    this.stateRoot = stateRoot;
    this.monitor = monitor;
  }

  @Override
  public String name() {
    return ChangesMode.THIN.label();
  }

  @Override
  public ChangeMap between(LogicalVolume base, LogicalVolume now, long size) throws IOException {
    if (!base.pool().equals(now.pool()) || base.thinId() < 0 || now.thinId() < 0) {
      throw new FormatException("it is in no pool with the new one");
    }
    ChangeMap changes = new ChangeMap(name(), size);
    LogicalVolume pool = Lvm.get(base.group() + "/" + base.pool());
    try (MetadataSnapshot metadata =
        MetadataSnapshot.reserve(pool, stateRoot, Duration.ofSeconds(DELTA_SECONDS), monitor)) {
      Command.run(
          DELTA_SECONDS,
          document -> ThinDelta.read(document, changes),
          List.of(
              "thin_delta",
              "--metadata-snap",
              "--thin1",
              Integer.toString(base.thinId()),
              "--thin2",
              Integer.toString(now.thinId()),
              metadata.device().toString()));
    }
    return changes;
  }
}
