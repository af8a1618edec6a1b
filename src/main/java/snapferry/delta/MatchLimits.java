package snapferry.delta;

/**
 * How hard to look for data that moved.
 *
 * @param mode what to look at
 * @param memory most bytes that the index of the basis may take
 */
public record MatchLimits(Mode mode, long memory) {
  public static final long DEFAULT_MEMORY = 256L << 20;
  public static final MatchLimits DEFAULT = new MatchLimits(Mode.AUTO, DEFAULT_MEMORY);

  /** The least memory that is of any use. */
  public static final long MIN_MEMORY = 1L << 20;

  /** The same for one of {@code runs} in one process, which share the memory. */
  public MatchLimits sharedBy(int runs) {
    return new MatchLimits(mode, Math.max(MIN_MEMORY, memory / runs));
  }

  /** What is looked up in the basis. */
  public enum Mode {
    /** Nothing: what is not in its place is sent. */
    OFF,
    /** What moved by a multiple of 512 bytes. */
    SECTOR,
    /** As SECTOR, and what moved by any distance as far as that costs next to nothing. */
    AUTO,
    /** What moved by any distance, whatever that costs. */
    BYTE
  }
}
