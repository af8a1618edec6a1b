package snapferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Who owns the files of a mount, by numbers as they stand in the file system. */
record MountOwner(int user, int group) {
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})(?::(\\d{1,9}))?");

  /**
   * The owner that is asked for.
   *
   * @param text {@code UID} or {@code UID:GID}; null for who runs this
   */
  static MountOwner of(@Nullable String text) throws Failure {
    Path self = Path.of("/proc/self");
    int ownUser;
    int ownGroup;
    try {
      ownUser = (int) Files.getAttribute(self, "unix:uid");
      ownGroup = (int) Files.getAttribute(self, "unix:gid");
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "who runs this cannot be told: " + e.getMessage(), e);
    }
    if (text == null) {
      return new MountOwner(ownUser, ownGroup);
    }
    Matcher matcher = NUMBERS.matcher(text);
    if (!matcher.matches()) {
      throw new Failure(ExitCode.USAGE, "--owner takes UID or UID:GID, not '" + text + "'");
    }
    String group = matcher.group(2);
    return new MountOwner(
        Integer.parseInt(matcher.group(1)), group == null ? ownGroup : Integer.parseInt(group));
  }

  boolean isRoot() {
    return user == 0;
  }
}
