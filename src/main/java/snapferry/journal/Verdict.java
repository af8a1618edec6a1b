package snapferry.journal;

/**
 * What recovery does with what it found.
 *
 * @param action what is to be done
 * @param reason why, for people: a clause without a full stop
 */
public record Verdict(Action action, String reason) {
  /** What is to be done with a journal. */
  public enum Action {
    /** There is none. */
    NOTHING,
    /** Remove it: the image was not touched by it, or is already what it makes. */
    DISCARD,
    /** Apply it: the image is at its base epoch, or between the two. */
    REPLAY,
    /** Touch nothing: the image may be between two epochs, and only a person can decide. */
    REFUSE
  }
}
