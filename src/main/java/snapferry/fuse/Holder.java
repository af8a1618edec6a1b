package snapferry.fuse;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.posix.Errno;
import snapferry.posix.FuseDevice;
import snapferry.posix.LocalSocket;
import snapferry.posix.PosixException;

/**
 * The small process that keeps a mount's descriptors, so that the mount outlives its server: {@code
 * native-helpers/fuse-holder.c}, which also says how one talks with it.
 */
final class Holder {
  private static final byte KEEP = 'k';
  private static final byte TAKE = 't';
  private static final byte END = 'e';
  private static final int ROOT = 0;
  private static final String PROGRAM = "native-helpers/fuse-holder";

  private final Path socket;

  /**
   * @param socket where it listens, or will
   */
  Holder(Path socket) {
    this.socket = socket;
  }

  /** What it kept. */
  record Kept(MountState state, List<FuseDevice> devices) {}

  /** The program, beside what we run from; null if it was not built, for want of a C compiler. */
  static @Nullable Path program() {
    try {
      Path home = Path.of(Holder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path program = home.resolveSibling(PROGRAM);
      return Files.isExecutable(program) ? program : null;
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks for what is kept; null if there is no holder, or its mount is gone. */
  @Nullable Kept take() throws IOException {
    LocalSocket.Message message = ask(new byte[] {TAKE}, List.of());
    if (message == null) {
      return null;
    }
    try {
      return new Kept(state(message), message.devices());
    } catch (FormatException e) {
      for (FuseDevice device : message.devices()) {
        device.close();
      }
      throw e;
    }
  }

  private MountState state(LocalSocket.Message message) throws FormatException {
    ByteBuffer bytes = message.bytes();
    if (bytes.get() != TAKE || message.devices().isEmpty()) {
      throw new FormatException("the holder at " + socket + " answers what it should not");
    }
    byte[] state = new byte[bytes.remaining()];
    bytes.get(state);
    return MountState.decode(state);
  }

  /** Starts it, and has it keep these. */
  void keep(Path program, MountState state, List<FuseDevice> devices) throws IOException {
    Files.deleteIfExists(socket);
    Process process =
        new ProcessBuilder(program.toString(), socket.toString())
            .redirectErrorStream(true)
            .directory(Path.of("/").toFile())
            .start();
    process.getOutputStream().close();
    // It goes into the background when it listens, and lets go of this pipe.
    String complaint =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!complaint.isEmpty()) {
      throw new IOException(complaint);
    }
    byte[] text = state.encode();
    byte[] message = new byte[1 + text.length];
    message[0] = KEEP;
    System.arraycopy(text, 0, message, 1, text.length);
    if (ask(message, devices) == null) {
      throw new IOException(program + " does not answer");
    }
  }

  /** Has it end, if it is there. */
  void end() throws IOException {
    ask(new byte[] {END}, List.of());
  }

  private LocalSocket.@Nullable Message ask(byte[] bytes, List<FuseDevice> devices)
      throws IOException {
    try (LocalSocket connection = LocalSocket.connect(socket)) {
      int user = connection.peerUser();
      if (user != ROOT && user != Identity.user()) {
        throw new IOException("the holder at " + socket + " belongs to another user, " + user);
      }
      connection.send(bytes, devices);
      LocalSocket.Message message = connection.receive(1 + MountState.MAX_LENGTH);
      return !message.bytes().hasRemaining() ? null : message;
    } catch (PosixException e) {
      return switch (e.errno()) {
        case Errno.ENOENT, Errno.ECONNREFUSED, Errno.ECONNRESET, Errno.EPIPE -> null;
        default -> throw e;
      };
    }
  }
}
