package snapferry.codec;

import java.io.IOException;

/**
 * Bytes from outside do not follow their format. Says what was being read and what is wrong with
 * it.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public FormatException(String message) {
    super(message);
  }
}
