package snapferry.cli;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of a standby's past.
 *
 * @param snapshots how many LVM snapshots of it; 0 to take none
 * @param epochs for how many epochs what it takes to go back; null for as many as before
 */
record Keeping(int snapshots, @Nullable Integer epochs) {
  /** What is kept when nobody says anything. */
  static final Keeping DEFAULT = new Keeping(0, null);
}
