package snapferry.lvm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.jspecify.annotations.NullMarked;
import snapferry.change.ChangeMap;
import snapferry.change.Span;

/** Fuzz target: what {@code thin_delta} prints. Whatever it says, the spans tile the volume. */
@NullMarked
public final class ThinDeltaFuzz {
  private static final long SIZE = ((16L * 64) << 10) + 512;

  private ThinDeltaFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    ChangeMap changes = new ChangeMap("thin", SIZE);
    try {
      ThinDelta.read(new ByteArrayInputStream(input), changes);
    } catch (IOException e) {
      return; // Refused: as it should be.
    }
    for (long at = 0; at < SIZE; ) {
      Span span = changes.next(at);
      if (span.extent().offset() != at || span.extent().length() <= 0) {
        throw new AssertionError(span + " at " + at);
      }
      at = span.extent().end();
    }
  }
}
