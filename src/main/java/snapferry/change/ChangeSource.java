package snapferry.change;

import java.io.IOException;

/**
 * Answers one question: which bytes may differ from the basis? The spans that it gives tile the
 * volume; a source that does not know says {@link Span.Kind#READ}.
 */
public interface ChangeSource {
  /** Its name in the summary: {@code scan}, … */
  String name();

  /**
   * The span that starts at {@code offset}.
   *
   * @param offset a byte of the volume
   */
  Span next(long offset) throws IOException;
}
