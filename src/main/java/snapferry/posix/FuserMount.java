package snapferry.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Mounts for users who may not call mount(2), by {@code fusermount3}, which is set-user-ID root. It
 * passes the descriptor of the mount back over a socket that it inherits; since Java lets a child
 * inherit nothing, it is started here.
 */
public final class FuserMount {
  private static final String SOCKET_VARIABLE = "_FUSE_COMMFD";
  private static final int STDERR = 2;
  private static final int INHERITED = 3;
  private static final int O_CLOEXEC = 02000000;

  /** More than the type takes in any C library. */
  private static final int FILE_ACTIONS_SIZE = 512;

  private static final int MAX_COMPLAINT = 4096;

  private FuserMount() {}

  /**
   * Mounts.
   *
   * @param program {@code fusermount3}, by its path
   * @param options of mount.fuse(8), separated by commas
   * @throws IOException with what the program says, if it does not mount
   */
  public static FuseDevice mount(Path program, Path point, String options) throws IOException {
    LocalSocket[] sockets = LocalSocket.pair();
    int[] pipe = new int[2];
    try (LocalSocket ours = sockets[0];
        LocalSocket theirs = sockets[1]) {
      if (MountLibc.CALLS.pipe2(pipe, O_CLOEXEC) < 0) {
        throw new PosixException("pipe2", program.toString(), Libc.errno());
      }
      String complaint;
      int[] status = new int[1];
      try {
        int child;
        try {
          String[] words = {program.toString(), "-o", options, "--", point.toString()};
          child = spawn(program, words, theirs.number(), pipe[1]);
        } finally {
          Libc.CALLS.close(pipe[1]);
        }
        theirs.close();
        complaint = complaint(pipe[0]);
        while (MountLibc.CALLS.waitpid(child, status, 0) < 0 && Libc.errno() == Errno.EINTR) {}
      } finally {
        Libc.CALLS.close(pipe[0]);
      }
      LocalSocket.Message answer = ours.receive(1);
      if (answer.devices().size() != 1) {
        throw new IOException(
            complaint.isEmpty() ? program + " failed, status " + status[0] : complaint);
      }
      return answer.devices().get(0);
    }
  }

  private static int spawn(Path program, String[] words, int socket, int stderr)
      throws PosixException {
    List<String> environment = new ArrayList<>();
    for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
      environment.add(variable.getKey() + "=" + variable.getValue());
    }
    environment.add(SOCKET_VARIABLE + "=" + INHERITED);
    Pointer actions = Memory.allocateDirect(Runtime.getSystemRuntime(), FILE_ACTIONS_SIZE, true);
    int[] child = new int[1];
    require(program, MountLibc.CALLS.posix_spawn_file_actions_init(actions));
    try {
      // First the one whose number might be that of the other's new place.
      require(program, MountLibc.CALLS.posix_spawn_file_actions_adddup2(actions, stderr, STDERR));
      require(
          program, MountLibc.CALLS.posix_spawn_file_actions_adddup2(actions, socket, INHERITED));
      require(
          program,
          MountLibc.CALLS.posix_spawn(
              child,
              program.toString(),
              actions,
              Pointer.wrap(Runtime.getSystemRuntime(), 0L),
              words,
              environment.toArray(String[]::new)));
    } finally {
      MountLibc.CALLS.posix_spawn_file_actions_destroy(actions);
    }
    return child[0];
  }

  private static void require(Path program, int errno) throws PosixException {
    if (errno != 0) {
      throw new PosixException("posix_spawn", program.toString(), errno);
    }
  }

  /** What the child says until it ends, or until there was enough of it. */
  private static String complaint(int descriptor) {
    PageBuffer memory = new PageBuffer(MAX_COMPLAINT, 0);
    StringBuilder text = new StringBuilder();
    long got;
    while ((got = MountLibc.CALLS.read(descriptor, memory.address(), MAX_COMPLAINT)) > 0
        || (got < 0 && Libc.errno() == Errno.EINTR)) {
      if (got > 0 && text.length() < MAX_COMPLAINT) {
        byte[] bytes = new byte[(int) got];
        memory.bytes().get(0, bytes);
        text.append(new String(bytes, StandardCharsets.UTF_8));
      }
    }
    return text.toString().strip();
  }
}
