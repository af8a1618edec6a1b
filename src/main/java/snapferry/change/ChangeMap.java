package snapferry.change;

import java.util.BitSet;
import snapferry.extent.Extent;

/**
 * What a change source found: extents that may differ, and extents that are zeros now, in any
 * order; the rest is unchanged. Kept as bits of units that are the larger the larger the volume is,
 * so that it takes at most 16 MiB for any. Rounded so that it never says too little: a unit of
 * which a part may differ is read, and only one that is all zeros is not.
 */
public final class ChangeMap implements ChangeSource {
  private static final int MAX_UNITS = 1 << 26;
  private static final int MIN_UNIT_SHIFT = 12;

  private final String name;
  private final long size;
  private final int shift;
  private final BitSet read = new BitSet();
  private final BitSet zero = new BitSet();

  /**
   * A map in which nothing differs yet.
   *
   * @param name of the change source
   * @param size bytes of the volume
   */
  public ChangeMap(String name, long size) {
    this.name = name;
    this.size = size;
    int units = MIN_UNIT_SHIFT;
    while ((size - 1) >>> units >= MAX_UNITS) {
      units++;
    }
    this.shift = units;
  }

  @Override
  public String name() {
    return name;
  }

  /** These bytes may differ; what of them lies beyond the volume does not matter. */
  public void mayDiffer(Extent extent) {
    if (extent.offset() < size) {
      long last = Math.min(extent.end(), size) - 1;
      read.set((int) (extent.offset() >>> shift), (int) (last >>> shift) + 1);
    }
  }

  /** These bytes are zeros now. */
  public void isZero(Extent extent) {
    if (extent.offset() >= size) {
      return;
    }
    long first = (extent.offset() + unit() - 1) >>> shift;
    long end = extent.end() >= size ? ((size - 1) >>> shift) + 1 : extent.end() >>> shift;
    if (first < end) {
      zero.set((int) first, (int) end);
    }
    // Where it begins or ends within a unit, the rest of that unit has to be looked at.
    if (first << shift != extent.offset()) {
      mayDiffer(new Extent(extent.offset(), 1));
    }
    if (extent.end() < size && end << shift != extent.end()) {
      mayDiffer(new Extent(extent.end() - 1, 1));
    }
  }

  private long unit() {
    return 1L << shift;
  }

  /** How many bytes have to be read because of this, of whole units. */
  public long bytesToRead() {
    return Math.min(size, (long) read.cardinality() << shift);
  }

  @Override
  public Span next(long offset) {
    int unit = (int) (offset >>> shift);
    Span.Kind kind = kind(unit);
    int end =
        switch (kind) {
          case READ -> read.nextClearBit(unit);
          case ZERO -> Math.min(zero.nextClearBit(unit), orEnd(read.nextSetBit(unit)));
          default -> Math.min(orEnd(zero.nextSetBit(unit)), orEnd(read.nextSetBit(unit)));
        };
    long byteEnd = Math.min(size, (long) end << shift);
    return new Span(new Extent(offset, byteEnd - offset), kind);
  }

  private Span.Kind kind(int unit) {
    return read.get(unit) ? Span.Kind.READ : zero.get(unit) ? Span.Kind.ZERO : Span.Kind.UNCHANGED;
  }

  private static int orEnd(int unit) {
    return unit < 0 ? MAX_UNITS : unit;
  }
}
