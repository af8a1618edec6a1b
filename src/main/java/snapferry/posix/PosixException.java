package snapferry.posix;

import java.io.IOException;

/**
 * A system call failed: the message names the call, what it was about, and the system's text for
 * the error.
 */
public final class PosixException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  PosixException(String call, String subject, int errno) {
    super(subject + ": " + call + " failed: " + Libc.CALLS.strerror(errno));
    this.errno = errno;
  }

  /** The error number; those that matter have names in {@link Errno}. */
  public int errno() {
    return errno;
  }
}
