package snapferry.lvm;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;

/** Snapshots as LVM would tell of them. */
@NullMarked
final class TaggedSnapshot {
  private TaggedSnapshot() {}

  /**
   * A snapshot that some run took.
   *
   * @param keeping its further tags
   */
  static LogicalVolume of(String name, String... keeping) {
    Set<String> tags = new HashSet<>(SnapshotTags.of(UUID.randomUUID()));
    tags.addAll(List.of(keeping));
    return new LogicalVolume(
        "vg",
        name,
        "uuid-" + name,
        Path.of("/dev/mapper/" + name),
        512,
        "swi-a-s---",
        "origin",
        "",
        tags,
        0,
        4096,
        -1,
        0,
        Double.NaN);
  }
}
