package snapferry.wire;

/** What the sender compares its source with. */
public enum Basis {
  /** Nothing: the target is known to hold only zeros. */
  ZERO(0),
  /** Its own signature of an epoch that the receiver holds too; nothing crosses the wire. */
  CACHED(1),
  /** The signature that the receiver has stored, and streams. */
  STORED(2),
  /** The signature that the receiver computes while it reads its image, and streams. */
  READ(3);

  private final int code;

  Basis(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
