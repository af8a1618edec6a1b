package snapferry.wire;

/** What a session is for. */
public enum Purpose {
  /** The target becomes the new epoch. */
  REPLICATE(0),
  /** The differences are found and counted; nothing is written. */
  DRY_RUN(1),
  /** Both ends are read and compared; nothing is written. */
  VERIFY(2);

  private final int code;

  Purpose(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
