package snapferry.lvm;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How to find out what changed since the last epoch. */
public enum ChangesMode {
  /**
   * As cheaply as it can be had without a burden on the volume: {@link #FUSE} where a tracker runs,
   * {@link #THIN} where it is thin.
   */
  AUTO,
  /** By reading everything. */
  SCAN,
  /** By the exceptions of a classic snapshot that is kept from one epoch to the next. */
  COW,
  /** By the difference between two thin snapshots, of which one is kept. */
  THIN,
  /** By the marks of a tracker through which all writes go. */
  FUSE;

  /** Its name on the command line, and that of the change source. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mode with this name. */
  public static Optional<ChangesMode> labelled(String text) {
    return Stream.of(values()).filter(mode -> mode.label().equals(text)).findFirst();
  }
}
