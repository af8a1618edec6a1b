package snapferry.journal;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of the files of a {@link snapferry.device.StateDirectory}. */
public final class StateFiles {
  /** Which epoch is there: a {@link Manifest}. */
  public static final String MANIFEST = "manifest";

  /** The signature of that epoch; see {@code signature.md}. */
  public static final String SIGNATURE = "signature";

  /** The epoch that is being received or applied; absent at rest. */
  public static final String JOURNAL = "journal";

  private static final Pattern UNDO = Pattern.compile("undo-([1-9]\\d{0,18})");

  /** When the image was last compared as a whole: a {@link Verification}; absent if never. */
  public static final String VERIFIED = "verified";

  private StateFiles() {}

  /** What takes {@code epoch} back to the one before it; see {@code history.md}. */
  public static String undo(long epoch) {
    return "undo-" + epoch;
  }

  /** The epoch that the undo record {@code file} undoes; empty if it is another file. */
  public static OptionalLong undone(String file) {
    Matcher name = UNDO.matcher(file);
    try {
      return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
