package snapferry.session;

import java.util.Locale;
import snapferry.codec.Printable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Hello;

/** What two HELLOs settle. */
public final class Handshake {
  /** The versions of the protocol that this program speaks. */
  public static final int MIN_VERSION = 1;

  public static final int MAX_VERSION = 1;

  /** Bounds of a timeout that the other end may wish for, in seconds. */
  public static final int MIN_TIMEOUT = 3;

  public static final int MAX_TIMEOUT = 3600;

  private Handshake() {}

  /**
   * The version to speak.
   *
   * @throws Failure with {@link ExitCode#PROTOCOL} when there is none, or both ends have the same
   *     role
   */
  public static int agree(Hello mine, Hello theirs) throws Failure {
    if (mine.role() == theirs.role()) {
      throw new Failure(ExitCode.PROTOCOL, "both ends want to be the " + mine.role().label());
    }
    if (mine.purpose() != theirs.purpose()) {
      throw new Failure(
          ExitCode.PROTOCOL,
          "this end is here for " + mine.purpose() + ", the other for " + theirs.purpose());
    }
    int version = Math.min(mine.maxVersion(), theirs.maxVersion());
    if (version < mine.minVersion() || version < theirs.minVersion()) {
      throw new Failure(
          ExitCode.PROTOCOL,
          String.format(
              Locale.ROOT,
              "the other end (%s) speaks protocol versions %d to %d, this one (%s) %d to %d:"
                  + " upgrade the older",
              Printable.escape(theirs.software()),
              theirs.minVersion(),
              theirs.maxVersion(),
              mine.software(),
              mine.minVersion(),
              mine.maxVersion()));
    }
    return version;
  }

  /** A timeout that the other end wishes for, within our own bounds. */
  public static int boundedTimeout(int seconds) {
    return Math.max(MIN_TIMEOUT, Math.min(MAX_TIMEOUT, seconds));
  }
}
