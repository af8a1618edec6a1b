package snapferry.track;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.LocalSocket;

/** Listens for those who ask a tracker, at a socket for the owner alone. */
final class ControlServer implements Closeable {
  /** More than runs and people of one volume at the same time. */
  private static final int MAX_CONNECTIONS = 32;

  private final Path socket;
  private final ServerSocketChannel listener;
  private final Sessions sessions;
  private final Set<ControlSession> open = ConcurrentHashMap.newKeySet();

  /** Makes the session of a connection. */
  interface Sessions {
    ControlSession over(ControlChannel channel);
  }

  private ControlServer(Path socket, ServerSocketChannel listener, Sessions sessions) {
    this.socket = socket;
    this.listener = listener;
    this.sessions = sessions;
  }

  /**
   * Makes sure that there can be a socket.
   *
   * @throws Failure {@link ExitCode#USAGE} if its path is too long
   */
  static void requireRoom(Path socket) throws Failure {
    if (!LocalSocket.canBeAt(socket)) {
      throw new Failure(
          ExitCode.USAGE,
          "a socket can have a path of %d bytes, and %s has more: a shorter --state-dir is needed"
              .formatted(LocalSocket.MAX_PATH, socket));
    }
  }

  /** Listens at {@code socket}, in a directory that is under our lock. */
  static ControlServer start(Path socket, Sessions sessions) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    ControlServer server = new ControlServer(socket, listener, sessions);
    daemon("snapferry-control", server::accept);
    return server;
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        serve(listener.accept());
      } catch (IOException e) {
        // The listener was closed, or a connection was gone before it was taken.
      }
    }
  }

  private void serve(SocketChannel channel) throws IOException {
    if (open.size() >= MAX_CONNECTIONS) {
      channel.close();
      return;
    }
    ControlSession session = sessions.over(new ControlChannel(channel));
    open.add(session);
    daemon("snapferry-control-session", () -> run(session));
  }

  private void run(ControlSession session) {
    try (session) {
      session.run();
    } catch (IOException e) {
      // Whoever asked is gone, or spoke no line: the connection ends, and nothing else.
    } finally {
      open.remove(session);
    }
  }

  /** Listens no more and ends all connections. */
  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(socket);
    for (ControlSession session : open) {
      session.close();
    }
  }
}
