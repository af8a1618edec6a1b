package snapferry.fuse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** Which kernel this is. */
@NullMarked
public final class Linux {
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  private Linux() {}

  /** Whether it is that version or a later one. */
  public static boolean isSince(int major, int minor) {
    Matcher version = VERSION.matcher(System.getProperty("os.version"));
    if (!version.matches()) {
      return false;
    }
    int ours = Integer.parseInt(version.group(1));
    return ours > major || (ours == major && Integer.parseInt(version.group(2)) >= minor);
  }
}
