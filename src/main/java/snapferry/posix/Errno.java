package snapferry.posix;

/** Error numbers that callers tell apart (asm-generic/errno.h; the same on x86_64 and aarch64). */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENXIO = 6;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EINVAL = 22;
  public static final int ENOTTY = 25;
  public static final int EOPNOTSUPP = 95;

  private Errno() {}
}
