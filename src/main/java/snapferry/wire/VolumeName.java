package snapferry.wire;

import java.util.regex.Pattern;

/** The name that stands for a volume on the wire, where no path travels. */
public final class VolumeName {
  public static final int MAX_LENGTH = 128;

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_LENGTH + "}");

  private VolumeName() {}

  /**
   * Whether {@code text} can be a name: 1 to 128 letters, digits, dots, underscores, hyphens; not
   * {@code .}, {@code ..}.
   */
  public static boolean isValid(String text) {
    return VALID.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }
}
