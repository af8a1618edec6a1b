package snapferry.change;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.extent.Extent;

/**
 * Reads everything that is allocated: always right, and what every other source falls back to.
 * Holes are zeros. One thread at a time.
 */
public final class Scan implements ChangeSource {
  public static final String NAME = "scan";

  private final BlockDevice volume;
  private final long size;

  // What a device said last answers two questions: of the hole, and of what follows it.
  private long heldFrom;
  private @Nullable Extent held;

  /**
   * @param volume the volume, or a snapshot of it
   * @param size how many of its bytes belong to the volume; beyond the end of a shorter device
   *     there are zeros
   */
  public Scan(BlockDevice volume, long size) {
    this.volume = volume;
    this.size = size;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Span next(long offset) throws IOException {
    @Nullable Extent allocated = held;
    if (allocated == null || offset < heldFrom || offset >= allocated.end()) {
      allocated = volume.nextAllocated(offset);
      heldFrom = offset;
      held = allocated;
    }
    if (allocated == null || allocated.offset() > offset) {
      long end = allocated == null ? size : Math.min(size, allocated.offset());
      return new Span(new Extent(offset, end - offset), Span.Kind.ZERO);
    }
    long end = Math.min(size, allocated.end());
    return new Span(new Extent(offset, end - offset), Span.Kind.READ);
  }
}
