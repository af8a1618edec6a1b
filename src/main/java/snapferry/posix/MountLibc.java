package snapferry.posix;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.intptr_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import jnr.ffi.types.u_int64_t;

/**
 * The calls of the C library that only a mount needs, bound apart from {@link Libc}, because each
 * costs the start of those who do not need it. Buffers are given by address, which costs a call
 * nothing.
 */
final class MountLibc {
  static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");

  private MountLibc() {}

  /** Public because jnr-ffi generates the implementation in a package of its own. */
  public interface Calls {
    @ssize_t
    long read(int descriptor, @intptr_t long buffer, @size_t long length);

    @ssize_t
    long write(int descriptor, @intptr_t long buffer, @size_t long length);

    int mount(String source, String target, String type, @u_int64_t long flags, String options);

    int umount2(String target, int flags);

    int socket(int domain, int type, int protocol);

    int socketpair(int domain, int type, int protocol, @Out int[] pair);

    int connect(int descriptor, @In byte[] address, int length);

    int getsockopt(int descriptor, int level, int option, @Out int[] value, @In @Out int[] length);

    @ssize_t
    long sendmsg(int descriptor, @intptr_t long message, int flags);

    @ssize_t
    long recvmsg(int descriptor, @intptr_t long message, int flags);

    int pipe2(@Out int[] ends, int flags);

    int posix_spawn_file_actions_init(Pointer actions);

    int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    int posix_spawn_file_actions_destroy(Pointer actions);

    int posix_spawn(
        @Out int[] process,
        String path,
        Pointer actions,
        Pointer attributes,
        @In String[] arguments,
        @In String[] environment);

    int waitpid(int process, @Out int[] status, int options);

    /** Variadic; the options that are used here take all five. */
    int prctl(int option, long second, long third, long fourth, long fifth);

    int mlockall(int flags);
  }
}
