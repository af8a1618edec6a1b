package snapferry.lvm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import snapferry.codec.FormatException;

/**
 * What {@code dmsetup status} says of a snapshot (kernel: dm-snap.c, dm-thin.c):
 *
 * <pre>
 * 0 204800 snapshot 1632/40960 16     sectors in use / of the COW store, of them metadata
 * 0 204800 snapshot Invalid           it overflowed, or could not write
 * 0 204800 thin 81920 204799          mapped sectors, the last one
 * 0 204800 thin Fail
 * </pre>
 *
 * @param size bytes of the volume that it is a snapshot of
 * @param whole whether it still holds what it held when it was taken
 * @param used sectors of the COW store that are in use; 0 for a thin one
 * @param total sectors of the COW store; 0 for a thin one
 * @param words the kernel's own words
 */
record TargetStatus(long size, boolean whole, long used, long total, String words) {
  private static final int SECTOR = 512;
  private static final Pattern LINE =
      Pattern.compile("0 (\\d{1,15}) (snapshot|thin) (.{1,200})\\n");
  private static final Pattern COW = Pattern.compile("(\\d{1,18})/(\\d{1,18})( \\d{1,18})?");
  private static final Pattern THIN = Pattern.compile("\\d{1,18} (\\d{1,18}|-)");

  /**
   * Parses the answer.
   *
   * @throws FormatException if it is about something else
   */
  static TargetStatus parse(String text) throws FormatException {
    Matcher line = LINE.matcher(text);
    if (!line.matches()) {
      throw new FormatException("not the status of a snapshot: '" + text.strip() + "'");
    }
    long size = Long.parseLong(line.group(1)) * SECTOR;
    String words = line.group(3);
    if (line.group(2).equals("thin")) {
      return new TargetStatus(size, THIN.matcher(words).matches(), 0, 0, words);
    }
    Matcher cow = COW.matcher(words);
    return cow.matches()
        ? new TargetStatus(
            size, true, Long.parseLong(cow.group(1)), Long.parseLong(cow.group(2)), words)
        : new TargetStatus(size, false, 0, 0, words);
  }

  /** How much of the COW store is in use, from 0 to 1. */
  double level() {
    return total == 0 ? 0 : (double) used / total;
  }
}
