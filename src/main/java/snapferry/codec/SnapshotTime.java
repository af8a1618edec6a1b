package snapferry.codec;

/** The time of a snapshot as all formats have it: milliseconds since 1970, UTC. */
public final class SnapshotTime {
  /** 9999-12-31T23:59:59.999Z: the last instant that four digits of year can say. */
  public static final long MAX = 253_402_300_799_999L;

  private SnapshotTime() {}

  /**
   * What this host's clock says. Where that is no time that can be told, as of a clock that was
   * never set, the nearest that can: times are for people, and no reason not to replicate.
   */
  public static long now() {
    return nearest(System.currentTimeMillis());
  }

  /** The time nearest to {@code millis} since 1970. */
  static long nearest(long millis) {
    return Math.max(0, Math.min(MAX, millis));
  }

  /**
   * Refuses what is not in the years 1970 to 9999.
   *
   * @throws IllegalArgumentException if {@code millis} is before or after them
   */
  public static void require(long millis) {
    if (millis < 0 || millis > MAX) {
      throw new IllegalArgumentException("time " + millis + " is not in the years 1970 to 9999");
    }
  }
}
