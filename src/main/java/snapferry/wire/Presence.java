package snapferry.wire;

/** What is known of a target's content. */
public enum Presence {
  /** There is no such image yet; it will be created. */
  ABSENT(0),
  /** Bytes of unknown origin. */
  BARE(1),
  /** A first seed was begun and is not complete. */
  SEEDING(2),
  /** One epoch of a volume, whole. */
  STANDING(3);

  private final int code;

  Presence(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
