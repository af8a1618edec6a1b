package snapferry.patrol;

import java.io.IOException;
import snapferry.change.ChangeSource;
import snapferry.change.Span;
import snapferry.extent.Extent;

/**
 * A hint that is not believed within a slice: what it says is unchanged there is read all the same.
 *
 * @param hint the change source
 * @param slice where it is checked
 */
public record PatrolledChanges(ChangeSource hint, Slice slice) implements ChangeSource {
  @Override
  public String name() {
    return hint.name();
  }

  @Override
  public Span next(long offset) throws IOException {
    Span span = hint.next(offset);
    if (span.kind() != Span.Kind.UNCHANGED || offset >= slice.geometry().size()) {
      return span;
    }
    long end = Math.min(span.extent().end(), slice.alike(offset).end());
    boolean inside = slice.contains(slice.geometry().blockAt(offset));
    return new Span(
        new Extent(offset, end - offset), inside ? Span.Kind.PATROL : Span.Kind.UNCHANGED);
  }
}
