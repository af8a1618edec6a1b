package snapferry.lvm;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What to read of a source. */
public enum SnapshotMode {
  /** A snapshot where one can be taken, else the source itself. */
  AUTO,
  /** A snapshot of the logical volume that it must be. */
  LVM,
  /** A clone of the file that it must be. */
  REFLINK,
  /** What the tracker of the source, which must run, keeps of the moment. */
  TRACKER,
  /** The source itself. */
  NONE;

  /** Its name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mode with this name. */
  public static Optional<SnapshotMode> labelled(String text) {
    return Stream.of(values()).filter(mode -> mode.label().equals(text)).findFirst();
  }
}
