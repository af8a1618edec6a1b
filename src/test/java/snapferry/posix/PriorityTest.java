package snapferry.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Priorities are set on a thread of its own, which takes them with it when it ends. */
class PriorityTest {
  private static final int NICE_FIELD = 18; // of proc_pid_stat(5), counted from 0

  @Test
  void aThreadThatIsNicedIsNicerAndSoAreThoseItStarts() throws Exception {
    String[] seen = new String[2];
    inThread(
        () -> {
          Priority.nice(7);
          seen[0] = ownNice();
          inThread(() -> seen[1] = ownNice());
        });
    assertThat(seen).containsExactly("7", "7");
  }

  @Test
  void theIoClassIsWhatIoniceSaysItIs() throws Exception {
    String[] seen = new String[2];
    inThread(
        () -> {
          Priority.io(Priority.IoClass.BEST_EFFORT, 6);
          seen[0] = ionice();
          Priority.io(Priority.IoClass.IDLE, 0);
          seen[1] = ionice();
        });
    assertThat(seen).containsExactly("best-effort: prio 6", "idle");
  }

  private interface Body {
    void run() throws Exception;
  }

  private static void inThread(Body body) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                body.run();
                done.complete(null);
              } catch (Exception e) {
                done.completeExceptionally(e);
              }
            })
        .start();
    done.get();
  }

  private static Path ownThread() throws Exception {
    return Path.of("/proc/thread-self").toRealPath();
  }

  private static String ownNice() throws Exception {
    String stat = Files.readString(ownThread().resolve("stat"));
    // The second field, the name in parentheses, may hold blanks.
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[NICE_FIELD - 2];
  }

  private static String ionice() throws Exception {
    Process ionice =
        new ProcessBuilder("ionice", "-p", ownThread().getFileName().toString()).start();
    return new String(ionice.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
  }
}
