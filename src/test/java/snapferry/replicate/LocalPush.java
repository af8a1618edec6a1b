package snapferry.replicate;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import snapferry.delta.MatchLimits;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** Pushes a file to another with both ends in this process, to be started with little memory. */
@NullMarked
final class LocalPush {
  private static final Session.Settings SETTINGS =
      new Session.Settings(20, 0, true, MatchLimits.DEFAULT, null, "test");

  private LocalPush() {}

  /** Takes SOURCE, TARGET, STATE-ROOT and {@code full} or {@code none}; prints the summary. */
  public static void main(String[] arguments) throws Exception {
    Path source = Path.of(arguments[0]);
    Path state = Path.of(arguments[2]);
    StandbyPlace target = new LocalStandbyPlace(Path.of(arguments[1]), state);
    Wishes wishes = new Wishes(false, false, arguments[3].equals("full"), false, null, null);
    Ends[] ends = Ends.pair();
    Thread server = new Thread(() -> serve(ends[1], target), "server");
    server.start();
    try (LocalSourcePlace place =
            new LocalSourcePlace(
                source, state, Snapshots.NONE, SourceReading.DEFAULT, Monitor.SILENT);
        Session session = new Session(ends[0], SETTINGS, Monitor.SILENT)) {
      System.out.println(session.push("", place, Purpose.REPLICATE, wishes));
    }
    server.join();
  }

  private static void serve(Ends end, StandbyPlace target) {
    try (Session session = new Session(end, SETTINGS, Monitor.SILENT)) {
      session.serve(
          new Session.Volumes() {
            @Override
            public SourcePlace source(String name) {
              throw new IllegalArgumentException("only a standby is served");
            }

            @Override
            public StandbyPlace standby(String name, Purpose purpose) {
              return target;
            }
          });
    } catch (IOException e) {
      System.err.println(e);
    }
  }
}
