package snapferry.fuse;

import java.util.ArrayList;
import java.util.List;
import snapferry.codec.FormatException;
import snapferry.codec.SealedText;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * What the next server must know of a mount to go on with it. The holder keeps it, as text:
 *
 * <pre>
 *  snapferry-fuse-mount: 1
 *  minor: decimal, read-ahead: decimal, flags: hex     what was agreed on in INIT
 *  read-only: true | false
 *  cache: DIRECT | WRITEBACK
 *  file: decimal size, blank, name, blank, identity    as often as there are files, in their order
 *  crc32c: 8 hex digits
 * </pre>
 *
 * <p>The kernel goes on believing what it was told of sizes, names and numbers of files, so a next
 * server with other files is turned away. So is one with another volume of the same size and name:
 * whoever waits would have written to one volume and go on with another.
 *
 * @param files size, name and identity of each
 */
record MountState(Protocol protocol, boolean readOnly, KernelCache cache, List<String> files) {
  static final int MAX_LENGTH = 80 << 10;

  private static final String FIRST_LINE = "snapferry-fuse-mount: 1";

  MountState {
    files = List.copyOf(files);
  }

  static MountState of(
      Protocol protocol, MountSettings settings, List<? extends ServedFile> files) {
    return new MountState(protocol, settings.readOnly(), settings.cache(), lines(files));
  }

  private static List<String> lines(List<? extends ServedFile> files) {
    List<String> lines = new ArrayList<>();
    for (ServedFile file : files) {
      lines.add(file.size() + " " + file.name() + " " + file.identity());
    }
    return lines;
  }

  byte[] encode() {
    StringBuilder body =
        new StringBuilder(FIRST_LINE)
            .append("\nminor: ")
            .append(protocol.minor())
            .append("\nread-ahead: ")
            .append(protocol.readAhead())
            .append("\nflags: ")
            .append(Long.toHexString(protocol.flags()))
            .append("\nread-only: ")
            .append(readOnly)
            .append("\ncache: ")
            .append(cache)
            .append('\n');
    for (String file : files) {
      body.append("file: ").append(file).append('\n');
    }
    return SealedText.seal(body.toString());
  }

  static MountState decode(byte[] bytes) throws FormatException {
    String[] lines = SealedText.open(bytes, "state of the mount").lines().toArray(String[]::new);
    int at = 1;
    if (lines.length == 0 || !lines[0].equals(FIRST_LINE)) {
      throw new FormatException("state of the mount that does not start with " + FIRST_LINE);
    }
    try {
      Protocol protocol =
          new Protocol(
              Integer.parseInt(value(lines, at++, "minor")),
              Integer.parseInt(value(lines, at++, "read-ahead")),
              Long.parseUnsignedLong(value(lines, at++, "flags"), 16));
      boolean readOnly = Boolean.parseBoolean(value(lines, at++, "read-only"));
      KernelCache cache = KernelCache.valueOf(value(lines, at++, "cache"));
      List<String> files = new ArrayList<>();
      while (at < lines.length) {
        files.add(value(lines, at++, "file"));
      }
      return new MountState(protocol, readOnly, cache, files);
    } catch (IllegalArgumentException e) {
      throw new FormatException("state of the mount: " + e.getMessage());
    }
  }

  private static String value(String[] lines, int at, String key) throws FormatException {
    if (at >= lines.length || !lines[at].startsWith(key + ": ")) {
      throw new FormatException("state of the mount without '" + key + "' in line " + (at + 1));
    }
    return lines[at].substring(key.length() + 2);
  }

  /**
   * Refuses to go on with other files than those that the kernel knows.
   *
   * @throws Failure {@link ExitCode#LINEAGE} if they are others
   */
  void requireSame(MountSettings settings, List<? extends ServedFile> now) throws Failure {
    if (!files.equals(lines(now))) {
      throw new Failure(
          ExitCode.LINEAGE,
          "the mount at "
              + settings.mountpoint()
              + ", which is still there, shows (bytes, name, what is behind it) "
              + files
              + " and not "
              + lines(now)
              + ": nothing was changed; serve what it shows, or unmount it before");
    }
  }
}
