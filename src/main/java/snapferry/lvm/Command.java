package snapferry.lvm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * Runs a program of the system: an argument vector and no shell, the C locale, nothing to read, a
 * deadline, and a bound on what it may print. Another user than root runs it through {@code sudo
 * -n}.
 */
final class Command {
  /** Most bytes of a program's output: 20,000 volumes of a report have less. */
  static final int MAX_OUTPUT = 16 << 20;

  private static final int MAX_COMPLAINT_LINES = 4;
  private static final Pattern COMPLAINT = Pattern.compile("(?m)^\\s*(?!WARNING)(\\S.*)$");

  /** Where an ordinary user's or cron's PATH does not look. */
  private static final List<String> SYSTEM_PLACES =
      List.of("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin", "/bin");

  private Command() {}

  /** Takes in what a program prints, while it runs. */
  interface Output {
    void read(InputStream stream) throws IOException;
  }

  /**
   * Runs {@code words} to the end.
   *
   * @param seconds after which it is asked to end. It is never killed: LVM would leave suspended
   *     devices behind
   * @return what it printed on stdout
   * @throws Failure {@link ExitCode#FAILED} if it cannot be run or fails, with what it says
   */
  static String run(int seconds, String... words) throws IOException {
    return run(seconds, List.of(words));
  }

  /** As above. */
  static String run(int seconds, List<String> words) throws IOException {
    StringBuilder text = new StringBuilder();
    run(seconds, stream -> text.append(text(stream)), words);
    return text.toString();
  }

  /** As above, for a program that prints more than fits into memory. */
  static void run(int seconds, Output output, List<String> words) throws IOException {
    Process process = start(words);
    StringBuilder complaint = new StringBuilder();
    Reading out = new Reading(process.getInputStream(), output);
    Reading err = new Reading(process.getErrorStream(), stream -> complaint.append(text(stream)));
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw failure(words, "did not end within " + seconds + " s");
      }
      err.await(words);
      if (process.exitValue() != 0) {
        throw failure(words, "failed: " + complaint(complaint.toString(), process.exitValue()));
      }
      out.await(words);
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    } finally {
      process.destroy();
    }
  }

  private static String text(InputStream stream) throws IOException {
    byte[] bytes = stream.readNBytes(MAX_OUTPUT + 1);
    if (bytes.length > MAX_OUTPUT) {
      throw new IOException("printed more than " + MAX_OUTPUT + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A stream of the program on its way to whoever takes it in. */
  private static final class Reading {
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable IOException failure;

    Reading(InputStream stream, Output output) {
      Thread thread = new Thread(() -> read(stream, output), "snapferry-command");
      thread.setDaemon(true);
      thread.start();
    }

    private void read(InputStream stream, Output output) {
      try (stream) {
        output.read(stream);
      } catch (IOException e) {
        failure = e;
      } finally {
        done.countDown();
      }
    }

    void await(List<String> words) throws IOException, InterruptedException {
      done.await();
      IOException e = failure;
      if (e instanceof FormatException) {
        throw e;
      }
      if (e != null) {
        throw failure(words, String.valueOf(e.getMessage()));
      }
    }
  }

  private static Process start(List<String> words) throws Failure {
    List<String> vector = new ArrayList<>();
    if (!"root".equals(System.getProperty("user.name"))) {
      vector.addAll(List.of(find("sudo"), "-n"));
    }
    vector.add(find(words.get(0)));
    vector.addAll(words.subList(1, words.size()));
    ProcessBuilder builder =
        new ProcessBuilder(vector).redirectInput(Path.of("/dev/null").toFile());
    builder.environment().put("LC_ALL", "C");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new Failure(
          ExitCode.FAILED, words.get(0) + " cannot be run (" + e.getMessage() + ")", e);
    }
  }

  /** The path of a program; its name, where it cannot be found. */
  private static String find(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Pattern.compile(":").splitAsStream(path), SYSTEM_PLACES.stream())
        .filter(each -> each.startsWith("/"))
        .map(each -> Path.of(each, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElse(program);
  }

  private static String complaint(String err, int status) {
    String lines =
        COMPLAINT
            .matcher(err)
            .results()
            .limit(MAX_COMPLAINT_LINES)
            .map(line -> line.group(1).strip())
            .collect(Collectors.joining("; "));
    return lines.isEmpty() ? "exit status " + status : lines;
  }

  private static Failure failure(List<String> words, String what) {
    return new Failure(ExitCode.FAILED, String.join(" ", words) + " " + what);
  }
}
