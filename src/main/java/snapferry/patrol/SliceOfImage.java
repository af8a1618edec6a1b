package snapferry.patrol;

import snapferry.change.ChangeSource;
import snapferry.change.Span;
import snapferry.extent.Extent;

/**
 * Has a slice read and nothing else.
 *
 * @param slice the blocks
 */
public record SliceOfImage(Slice slice) implements ChangeSource {
  private static final String NAME = "patrol";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Span next(long offset) {
    Extent alike = slice.alike(offset);
    boolean inside = slice.contains(slice.geometry().blockAt(offset));
    return new Span(alike, inside ? Span.Kind.READ : Span.Kind.UNCHANGED);
  }
}
