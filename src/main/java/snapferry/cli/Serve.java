package snapferry.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Printable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Ends;
import snapferry.replicate.Monitor;
import snapferry.replicate.Session;

/**
 * The far end: one session over stdin and stdout. What goes wrong is said to the client, who shows
 * it; stderr gets only what could not be said there.
 */
final class Serve {
  private final Interruption interruption;

  Serve(Interruption interruption) {
    this.interruption = interruption;
  }

  /** Serves, and gives the exit code. */
  @SuppressWarnings("SystemOut")
  int run(List<String> words) {
    if (words.contains("--help")) {
      System.out.println("usage: " + ServeArguments.SYNOPSIS);
      return ExitCode.DONE.code();
    }
    // From here on stdout is the line: whatever a library might print must not get there.
    System.setOut(System.err);
    try {
      return serve(ServeArguments.parse(words)).code();
    } catch (Failure e) {
      complain(e);
      return e.exit().code();
    } catch (IOException e) {
      complain(e);
      return ExitCode.FAILED.code();
    }
  }

  private ExitCode serve(ServeArguments arguments) throws IOException {
    arguments.load().apply();
    ServeMonitor monitor = new ServeMonitor();
    Session.Settings settings =
        new Session.Settings(
            arguments.timeoutSeconds(),
            arguments.bytesPerSecond(),
            arguments.compress(),
            arguments.matching(),
            null,
            Software.nameAndVersion());
    try (ServedVolumes volumes = ServedVolumes.of(arguments, monitor);
        Session session = new Session(standardEnds(), settings, monitor);
        TimeLimit limit = new TimeLimit(arguments.maxTime(), session)) {
      interruption.watch(session);
      monitor.tellThrough(session);
      session.serve(volumes);
      return ExitCode.DONE;
    } catch (Failure e) {
      Failure cause = interruption.cause(e);
      if (cause.exit() == ExitCode.TRANSPORT) {
        complain(cause);
      }
      return cause.exit();
    }
  }

  /** Channels of files, unlike those of streams, wake up who is blocked in them when closed. */
  private static Ends standardEnds() {
    return Ends.of(
        new FileInputStream(FileDescriptor.in).getChannel(),
        new FileOutputStream(FileDescriptor.out).getChannel());
  }

  private static void complain(Exception e) {
    System.err.println("snapferry serve: " + Printable.escape(String.valueOf(e.getMessage())));
  }

  /** Tells the operator, who sits at the other end, what deserves a look. */
  private static final class ServeMonitor implements Monitor {
    private volatile @Nullable Session session;

    void tellThrough(Session session) {
      this.session = session;
    }

    @Override
    public void phase(Phase phase) {}

    @Override
    public void progress(long done, long total) {}

    @Override
    public void note(String text) {}

    @Override
    public void warn(String text) {
      Session open = session;
      if (open == null || !open.tell(text)) {
        System.err.println("snapferry serve: warning: " + Printable.escape(text));
      }
    }
  }
}
