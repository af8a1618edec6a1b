package snapferry.posix;

import java.io.Closeable;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket between processes of this machine (unix(7)) over which descriptors can be passed, which
 * Java's own sockets cannot.
 */
public final class LocalSocket implements Closeable {
  /** Most bytes of a path that an address holds (sun_path in unix(7)), its zero not counted. */
  public static final int MAX_PATH = 107;

  /** Most descriptors in a message. */
  public static final int MAX_DEVICES = 64;

  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int MSG_TRUNCATED = 0x20 | 0x8; // MSG_TRUNC, MSG_CTRUNC
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int SCM_RIGHTS = 1;
  private static final int CLOSED = -1;

  /*
   * struct msghdr, struct iovec and struct cmsghdr, 64 bits:
   *
   *    0  8  name           56  8  iovec: bytes       72  8  cmsghdr: length
   *    8  4  its length     64  8  their number       80  4  level, 84 4 type
   *   16  8  iovec                                    88  …  descriptors, 4 each
   *   24  8  number of them
   *   32  8  control
   *   40  8  its length
   *   48  4  flags
   */
  private static final int MSG_IOVEC = 16;
  private static final int MSG_IOVEC_COUNT = 24;
  private static final int MSG_CONTROL = 32;
  private static final int MSG_CONTROL_LENGTH = 40;
  private static final int MSG_FLAGS = 48;
  private static final int IOVEC = 56;
  private static final int CONTROL = 72;
  private static final int CONTROL_HEADER = 16;
  private static final int DESCRIPTORS = CONTROL + CONTROL_HEADER;
  private static final int BODY = DESCRIPTORS + MAX_DEVICES * Integer.BYTES;

  private final String subject;
  private int number;

  private LocalSocket(String subject, int number) {
    this.subject = subject;
    this.number = number;
  }

  /**
   * What came in one message.
   *
   * @param bytes none at the end of the connection
   */
  public record Message(ByteBuffer bytes, List<FuseDevice> devices) {
    public Message {
      devices = List.copyOf(devices);
    }
  }

  /** Whether a socket can be at {@code path}. */
  public static boolean canBeAt(Path path) {
    return name(path).length <= MAX_PATH;
  }

  private static byte[] name(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Connects to a socket that keeps messages apart. {@link Errno#ENOENT} or {@link
   * Errno#ECONNREFUSED} when nobody listens there.
   */
  public static LocalSocket connect(Path path) throws PosixException {
    if (!canBeAt(path)) {
      throw new PosixException("connect", path.toString(), Errno.ENAMETOOLONG);
    }
    byte[] name = name(path);
    int number = MountLibc.CALLS.socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (number < 0) {
      throw new PosixException("socket", path.toString(), Libc.errno());
    }
    LocalSocket socket = new LocalSocket(path.toString(), number);
    byte[] address = new byte[Short.BYTES + name.length + 1];
    address[0] = AF_UNIX;
    System.arraycopy(name, 0, address, Short.BYTES, name.length);
    if (MountLibc.CALLS.connect(number, address, address.length) < 0) {
      int errno = Libc.errno();
      socket.close();
      throw new PosixException("connect", path.toString(), errno);
    }
    return socket;
  }

  /** Two sockets that are connected with each other. */
  static LocalSocket[] pair() throws PosixException {
    int[] numbers = new int[2];
    if (MountLibc.CALLS.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, numbers) < 0) {
      throw new PosixException("socketpair", "fusermount3", Libc.errno());
    }
    return new LocalSocket[] {
      new LocalSocket("fusermount3", numbers[0]), new LocalSocket("fusermount3", numbers[1])
    };
  }

  int number() {
    return number;
  }

  /** The user who is at the other end. */
  public int peerUser() throws PosixException {
    int[] credentials = new int[3]; // pid, uid, gid
    int[] length = {credentials.length * Integer.BYTES};
    check(
        "getsockopt SO_PEERCRED",
        MountLibc.CALLS.getsockopt(number, SOL_SOCKET, SO_PEERCRED, credentials, length));
    return credentials[1];
  }

  /** Sends one message; {@code bytes} must not be empty. */
  public void send(byte[] bytes, List<FuseDevice> devices) throws PosixException {
    if (devices.size() > MAX_DEVICES) {
      throw new IllegalArgumentException(devices.size() + " descriptors");
    }
    int rights = devices.size() * Integer.BYTES;
    PageBuffer memory = message(bytes.length, devices.isEmpty() ? 0 : CONTROL_HEADER + rights);
    ByteBuffer fields = memory.bytes();
    fields.putLong(CONTROL, CONTROL_HEADER + rights);
    fields.putInt(CONTROL + 8, SOL_SOCKET);
    fields.putInt(CONTROL + 12, SCM_RIGHTS);
    for (int i = 0; i < devices.size(); i++) {
      fields.putInt(DESCRIPTORS + i * Integer.BYTES, devices.get(i).number());
    }
    fields.put(BODY, bytes);
    try {
      check("sendmsg", MountLibc.CALLS.sendmsg(number, memory.address(), MSG_NOSIGNAL));
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  /**
   * Waits for a message.
   *
   * @param limit most bytes that it may have; a longer one is an error
   */
  public Message receive(int limit) throws PosixException {
    PageBuffer memory = message(limit, CONTROL_HEADER + MAX_DEVICES * Integer.BYTES);
    long length =
        check("recvmsg", MountLibc.CALLS.recvmsg(number, memory.address(), MSG_CMSG_CLOEXEC));
    ByteBuffer fields = memory.bytes();
    List<FuseDevice> devices = new ArrayList<>();
    if (fields.getLong(MSG_CONTROL_LENGTH) >= CONTROL_HEADER
        && fields.getInt(CONTROL + 8) == SOL_SOCKET
        && fields.getInt(CONTROL + 12) == SCM_RIGHTS) {
      long rights = (fields.getLong(CONTROL) - CONTROL_HEADER) / Integer.BYTES;
      for (int i = 0; i < Math.min(rights, MAX_DEVICES); i++) {
        devices.add(new FuseDevice(fields.getInt(DESCRIPTORS + i * Integer.BYTES)));
      }
    }
    if ((fields.getInt(MSG_FLAGS) & MSG_TRUNCATED) != 0) {
      for (FuseDevice device : devices) {
        device.close();
      }
      throw new PosixException("recvmsg", subject, Errno.EPROTO);
    }
    byte[] bytes = new byte[(int) length];
    fields.get(BODY, bytes);
    return new Message(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), devices);
  }

  /** A message with room for so many bytes and so much control. */
  private static PageBuffer message(int bytes, int control) {
    PageBuffer memory = new PageBuffer(BODY + bytes, 0);
    ByteBuffer fields = memory.bytes();
    fields.putLong(MSG_IOVEC, memory.address() + IOVEC);
    fields.putLong(MSG_IOVEC_COUNT, 1);
    fields.putLong(MSG_CONTROL, control == 0 ? 0 : memory.address() + CONTROL);
    fields.putLong(MSG_CONTROL_LENGTH, control);
    fields.putLong(IOVEC, memory.address() + BODY);
    fields.putLong(IOVEC + 8, bytes);
    return memory;
  }

  private long check(String call, long result) throws PosixException {
    if (result < 0) {
      throw new PosixException(call, subject, Libc.errno());
    }
    return result;
  }

  /** Closes it; further calls do nothing. */
  @Override
  public void close() throws PosixException {
    if (number != CLOSED) {
      int closing = number;
      number = CLOSED;
      check("close", Libc.CALLS.close(closing));
    }
  }
}
