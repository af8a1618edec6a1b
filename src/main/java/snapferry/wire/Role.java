package snapferry.wire;

/** Which end of a session one is. */
public enum Role {
  /** Has the source. */
  SENDER(0),
  /** Has the standby. */
  RECEIVER(1);

  private final int code;

  Role(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** In words, for people. */
  public String label() {
    return this == SENDER ? "sender" : "receiver";
  }

  /** The role of the other end. */
  public Role other() {
    return this == SENDER ? RECEIVER : SENDER;
  }
}
