package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.delta.MatchLimits;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.session.Handshake;
import snapferry.wire.Hello;
import snapferry.wire.Note;
import snapferry.wire.Patrol;
import snapferry.wire.Purpose;
import snapferry.wire.Role;
import snapferry.wire.Wishes;

/**
 * One session over one line, from the preface to the last frame: as the client, who chooses what
 * happens, or as the server, who serves what it is allowed to.
 */
public final class Session implements Closeable {
  private static final int LAST_WORDS_SECONDS = 5;

  private final Line line;
  private final Inbox inbox;
  private final Settings settings;
  private final Monitor monitor;

  /**
   * How a session behaves.
   *
   * @param timeoutSeconds after how much silence the other end counts as dead
   * @param bytesPerSecond most bytes to send in a second; 0 for no limit
   * @param compress whether to try LZ4 on what is sent
   * @param matching how hard to look for data that moved before it is sent
   * @param patrol of a client, within which time both ends are to read again all that no hint asks
   *     for, in whole seconds; null for never
   * @param software name and version of this program
   */
  public record Settings(
      int timeoutSeconds,
      long bytesPerSecond,
      boolean compress,
      MatchLimits matching,
      @Nullable Duration patrol,
      String software) {
    /** The same for one of {@code runs} in one process. */
    public Settings sharedBy(int runs) {
      return new Settings(
          timeoutSeconds, bytesPerSecond, compress, matching.sharedBy(runs), patrol, software);
    }

    /** The same with a patrol, or without. */
    public Settings withPatrol(@Nullable Duration period) {
      return new Settings(timeoutSeconds, bytesPerSecond, compress, matching, period, software);
    }
  }

  /** What a server does with a volume that a client asks for. */
  public interface Volumes {
    /** The place of the source called {@code name}; a {@link Failure} if it is not served. */
    SourcePlace source(String name) throws IOException;

    /**
     * The place of the standby called {@code name}; a {@link Failure} if it is not served for
     * writing.
     */
    StandbyPlace standby(String name, Purpose purpose) throws IOException;
  }

  /** Takes a line into use. */
  public Session(Ends ends, Settings settings, Monitor monitor) {
    this.settings = settings;
    this.monitor = monitor;
    this.line = new Line(ends, settings.timeoutSeconds(), settings.bytesPerSecond());
    this.inbox = new Inbox(line, monitor);
  }

  /** As the client: sends {@code source} to the standby called {@code name} at the other end. */
  public Summary push(String name, SourcePlace source, Purpose purpose, Wishes wishes)
      throws IOException {
    return run(
        () -> {
          greet(name, Role.SENDER, purpose);
          return send(source, purpose, wishes);
        });
  }

  /**
   * As the client: brings {@code standby} to what the source called {@code name} holds at the other
   * end.
   */
  public Summary pull(String name, StandbyPlace standby, Purpose purpose, Wishes wishes)
      throws IOException {
    return run(
        () -> {
          greet(name, Role.RECEIVER, purpose);
          return receive(standby, purpose, wishes);
        });
  }

  /** As the server: does what the client asks for, if {@code volumes} allows it. */
  public Summary serve(Volumes volumes) throws IOException {
    return run(
        () -> {
          Hello theirs = inbox.take(Hello.class);
          Role role = theirs.role().other();
          Hello mine = hello("", role, theirs.purpose());
          line.greet();
          line.send(mine);
          agree(mine, theirs);
          return role == Role.SENDER
              ? send(volumes.source(theirs.name()), theirs.purpose(), null)
              : receive(volumes.standby(theirs.name(), theirs.purpose()), theirs.purpose(), null);
        });
  }

  private void greet(String name, Role role, Purpose purpose) throws IOException {
    monitor.phase(Monitor.Phase.CONNECTING);
    Hello mine = hello(name, role, purpose);
    line.greet();
    line.send(mine);
    agree(mine, inbox.take(Hello.class));
    Duration patrol = patrol(purpose);
    if (patrol != null) {
      line.send(new Patrol(Math.toIntExact(patrol.toSeconds())));
    }
  }

  /** Who only looks has no slice to make right. */
  private @Nullable Duration patrol(Purpose purpose) {
    return purpose == Purpose.REPLICATE ? settings.patrol() : null;
  }

  private Hello hello(String name, Role role, Purpose purpose) {
    return new Hello(
        Handshake.MIN_VERSION,
        Handshake.MAX_VERSION,
        role,
        purpose,
        settings.timeoutSeconds(),
        name,
        settings.software());
  }

  private void agree(Hello mine, Hello theirs) throws Failure {
    Handshake.agree(mine, theirs);
    line.timeout(
        Math.min(settings.timeoutSeconds(), Handshake.boundedTimeout(theirs.timeoutSeconds())));
  }

  private Summary send(SourcePlace source, Purpose purpose, @Nullable Wishes wishes)
      throws IOException {
    Duration period = wishes == null ? null : patrol(purpose);
    return new Sender(line, inbox, source, purpose, wishes, period, settings, monitor).run();
  }

  private Summary receive(StandbyPlace standby, Purpose purpose, @Nullable Wishes wishes)
      throws IOException {
    Duration period = wishes == null ? null : patrol(purpose);
    Summary summary = new Receiver(line, inbox, standby, purpose, wishes, period, monitor).run();
    // Our last frame is the ACK; the line must stay up until it was read.
    inbox.awaitEnd(LAST_WORDS_SECONDS);
    return summary;
  }

  private interface Body {
    Summary run() throws IOException;
  }

  /** Runs one end; when it fails, the other end is told why. */
  private Summary run(Body body) throws Failure {
    try {
      return body.run();
    } catch (IOException | RuntimeException | Error e) {
      Failure mine = asFailure(e);
      // A broken line shows in many places; why it broke is known to it alone.
      boolean broken = mine.exit() == ExitCode.TRANSPORT || mine.exit() == ExitCode.INTERRUPTED;
      Failure failure = broken ? line.failure(mine) : mine;
      line.sayGoodbye(failure);
      throw failure;
    }
  }

  /** Any exception as what to tell the operator. */
  static Failure asFailure(Throwable e) {
    if (e instanceof Failure failure) {
      return failure;
    }
    if (e instanceof FormatException) {
      return new Failure(ExitCode.PROTOCOL, String.valueOf(e.getMessage()), e);
    }
    String text =
        e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
    return new Failure(ExitCode.FAILED, text, e);
  }

  /**
   * Sends the operator at the other end something to read, as far as the line carries it.
   *
   * @return whether it went out
   */
  public boolean tell(String text) {
    try {
      line.send(new Note(text));
      return true;
    } catch (Failure e) {
      return false;
    }
  }

  /**
   * Ends the session at once, from whatever thread: everybody who waits in it gets {@code cause}.
   */
  public void interrupt(Failure cause) {
    line.fail(cause);
  }

  /** Hangs up. */
  @Override
  public void close() {
    inbox.close();
    line.close();
  }
}
