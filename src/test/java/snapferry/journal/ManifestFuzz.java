package snapferry.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.FormatException;
import snapferry.codec.SealedText;

/**
 * Fuzz target: the lines of a manifest before its checksum, which is added. What is accepted is
 * what is written for it.
 */
@NullMarked
public final class ManifestFuzz {
  private ManifestFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    byte[] bytes = SealedText.seal(new String(input, ISO_8859_1));
    try {
      if (!Arrays.equals(ManifestText.encode(ManifestText.decode(bytes)), bytes)) {
        throw new AssertionError("a manifest that is accepted, but never written");
      }
    } catch (FormatException e) {
      // Refused: as it should be.
    }
  }
}
