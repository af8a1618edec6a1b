package snapferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import snapferry.manual.Completion;
import snapferry.manual.ManualPage;

/**
 * Writes what goes with the program but is not run: pages for man(1) and completion for shells. A
 * part of the build.
 */
final class Companions {
  /** Of a time stamp, as 2026-01-31T00:00:00Z. */
  private static final int LENGTH_OF_DATE = 10;

  private Companions() {}

  /**
   * Writes them anew.
   *
   * @param arguments the directory in which {@code man} and {@code completion} are to be, and the
   *     time stamp of the build
   */
  public static void main(String[] arguments) throws IOException {
    Path man = empty(Path.of(arguments[0], "man"));
    String date = arguments[1].substring(0, LENGTH_OF_DATE);
    List<ManualPage> pages =
        ManualPage.all(Snapferry.program(new Interruption()), date, Software.nameAndVersion());
    for (ManualPage page : pages) {
      Files.writeString(man.resolve(page.file()), page.text());
    }
    Path completion = empty(Path.of(arguments[0], "completion"));
    Map<String, String> scripts = Completion.all(Snapferry.program(new Interruption()));
    for (Map.Entry<String, String> script : scripts.entrySet()) {
      Files.writeString(completion.resolve(script.getKey()), script.getValue());
    }
  }

  /** A directory without files: what an earlier build left there may be about commands of then. */
  private static Path empty(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> old = Files.list(directory)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    return directory;
  }
}
