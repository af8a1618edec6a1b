package snapferry.ledger;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last line of every pair, and the last that went well, of those that no other file of a run
 * log has any more: a standby whose line was dead for long does not lose when it was alive.
 */
final class LastLines {
  private final Map<Pair, String> last = new LinkedHashMap<>();
  private final Map<Pair, String> lastWell = new LinkedHashMap<>();

  private LastLines() {}

  /**
   * Takes what {@code going} has into {@code file}, before {@code going} is removed. To be repeated
   * when that was cut off.
   */
  static void keep(Path file, Path going) throws IOException {
    LastLines lines = new LastLines();
    RunLines.readAll(List.of(going, file), lines::take);
    Path aside = file.resolveSibling(file.getFileName() + ".new");
    Files.write(aside, lines.all(), StandardCharsets.UTF_8);
    Files.move(aside, file, ATOMIC_MOVE);
  }

  private void take(RunRecord run, String line) {
    last.put(run.pair(), line);
    if (run.isWell()) {
      lastWell.put(run.pair(), line);
    }
  }

  /** Those that went well first: one that is the last as well is there once. */
  private List<String> all() {
    List<String> all = new ArrayList<>(lastWell.values());
    last.forEach(
        (pair, line) -> {
          if (!line.equals(lastWell.get(pair))) {
            all.add(line);
          }
        });
    return all;
  }
}
