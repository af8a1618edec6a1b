package snapferry.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** "Permission denied", with what would help. */
final class Denial {
  private Denial() {}

  /**
   * @param done what may not be done to {@code path}: "read", "written to"
   */
  static Failure of(Path path, String done, Throwable cause) {
    String problem =
        path + " may not be " + done + " by the user " + System.getProperty("user.name");
    return new Failure(ExitCode.FAILED, problem + ": " + remedy(path), cause);
  }

  private static String remedy(Path path) {
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, PosixFileAttributes.class);
    } catch (IOException e) {
      return "a directory on the way to it may not be entered; run as root or as the owner";
    }
    Set<PosixFilePermission> permissions = attributes.permissions();
    String group = attributes.group().getName();
    String facts =
        "it belongs to %s:%s with %s"
            .formatted(
                attributes.owner().getName(), group, PosixFilePermissions.toString(permissions));
    boolean groupHelps =
        permissions.contains(PosixFilePermission.GROUP_READ)
            && permissions.contains(PosixFilePermission.GROUP_WRITE);
    return facts
        + (groupHelps
            ? "; join the group " + group + " or run as root"
            : "; run as root or as the owner");
  }
}
