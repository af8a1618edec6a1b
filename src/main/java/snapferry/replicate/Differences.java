package snapferry.replicate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;

/**
 * Blocks that are not what they should be, as they come in the order of the volume: how many there
 * are, and where, neighbours together, the first {@link ImageVerification#MAX_DIFFERENCES}.
 */
final class Differences {
  /** Places in a message to people. */
  private static final int SAID = 5;

  private final Geometry geometry;
  private final List<Extent> extents = new ArrayList<>();
  private long blocks;

  Differences(Geometry geometry) {
    this.geometry = geometry;
  }

  /** These blocks differ too; they come after all that came before. */
  void add(long first, long count) {
    blocks += count;
    Extent extent = geometry.extent(first, count);
    int last = extents.size() - 1;
    if (last >= 0 && extents.get(last).end() == extent.offset()) {
      Extent before = extents.remove(last);
      extents.add(new Extent(before.offset(), before.length() + extent.length()));
    } else if (extents.size() < ImageVerification.MAX_DIFFERENCES) {
      extents.add(extent);
    }
  }

  /** How many blocks. */
  long blocks() {
    return blocks;
  }

  /** Where. */
  List<Extent> extents() {
    return List.copyOf(extents);
  }

  /** How many and where, in words. */
  String inWords() {
    String places =
        extents.stream()
            .limit(SAID)
            .map(each -> each.length() + " bytes at offset " + each.offset())
            .collect(Collectors.joining(", "));
    return blocks
        + (blocks == 1 ? " block (" : " blocks (")
        + places
        + (extents.size() > SAID ? ", and elsewhere)" : ")");
  }
}
