package snapferry.posix;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/**
 * The C library, bound when this class is first touched: that takes 200 to 300 ms, which a run
 * without holes and devices must not pay.
 *
 * <p>{@code long} and {@code off_t} are 64 bits wide here, as on every 64-bit Linux, and arrays go
 * both ways: jnr-ffi takes that for granted, and each annotation that said so would take
 * milliseconds to read. The variadic {@code open} and {@code ioctl} are declared with fixed
 * arguments: on x86_64 and aarch64 Linux both are passed in the same registers.
 */
final class Libc {
  static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");
  private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

  private Libc() {}

  /** The error number of the last call of this thread that failed. */
  static int errno() {
    return LastError.getLastError(RUNTIME);
  }

  /** Public because jnr-ffi generates the implementation in a package of its own. */
  public interface Calls {
    int open(String path, int flags, int mode);

    int close(int descriptor);

    int ioctl(int descriptor, long request, int[] argument);

    int ioctl(int descriptor, long request, long[] argument);

    int ioctl(int descriptor, long request, int argument);

    long lseek(int descriptor, long offset, int whence);

    int fallocate(int descriptor, int mode, long offset, long length);

    int posix_fadvise(int descriptor, long offset, long length, int advice);

    int sync_file_range(int descriptor, long offset, long length, int flags);

    int setpriority(int which, int who, int priority);

    /** Variadic; ioprio_set(2), which has no function of its own, takes three ints. */
    long syscall(long number, int which, int who, int priority);

    String strerror(int errno);
  }
}
