package snapferry.failure;

/**
 * How a run ended, as the process tells it: the contract with cron, scripts and monitoring. The
 * same numbers travel in an {@code ERROR} frame, so that both ends of a session exit alike.
 */
public enum ExitCode {
  /** Done, nothing to add. */
  DONE(0, "done"),
  /** Failed for a reason that has no code of its own (an I/O error, a full disk). */
  FAILED(1, "failed"),
  /** The command line or the configuration is wrong; nothing was started. */
  USAGE(2, "usage or configuration"),
  /** Done, but something deserves a look (the warnings say what). */
  WARNINGS(3, "done with warnings"),
  /** Another run holds the lock of this source state or this target. */
  LOCKED(10, "locked"),
  /** The target belongs to another volume or epoch, or its lineage is unknown. */
  LINEAGE(11, "wrong lineage or unknown target"),
  /** The target is mounted, or held open exclusively by someone else. */
  BUSY(12, "target busy or mounted"),
  /** The sizes of source and target do not go together. */
  SIZE(13, "size"),
  /** The source snapshot was lost or changed while it was read. */
  SNAPSHOT_LOST(14, "snapshot lost"),
  /** The line to the other end broke, stalled, or never came up. */
  TRANSPORT(20, "transport"),
  /** The other end broke the protocol or speaks no version that we do. */
  PROTOCOL(21, "protocol"),
  /** Bytes are not what their checksum says: on the wire, in the journal or on the image. */
  INTEGRITY(22, "integrity"),
  /** {@code verify} found differences. */
  DIFFERENT(23, "verify found differences"),
  /** Ended by a signal. */
  INTERRUPTED(130, "interrupted");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The process exit status. */
  public int code() {
    return code;
  }

  /** A few words for people and for the {@code result} field of the summary. */
  public String meaning() {
    return meaning;
  }

  /**
   * The exit code with this number, or {@link #PROTOCOL} for a number that no version of ours
   * sends.
   */
  public static ExitCode of(int code) {
    for (ExitCode exit : values()) {
      if (exit.code == code) {
        return exit;
      }
    }
    return PROTOCOL;
  }
}
