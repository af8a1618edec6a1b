package snapferry.process;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;

/** Counts what was hit. Safe for use by several threads. */
@NullMarked
final class Tally {
  private final Map<String, Integer> counts = new TreeMap<>();

  synchronized void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder("killed:");
    counts.forEach((what, count) -> text.append("\n  %4d %s".formatted(count, what)));
    return text.toString();
  }
}
