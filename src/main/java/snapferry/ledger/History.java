package snapferry.ledger;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The runs of every pair, by the run log: the newest {@link #MAX_RUNS} of all. */
public final class History {
  /** Most runs that are remembered, so that a log of any size takes some 60 MB at most. */
  public static final int MAX_RUNS = 40_000;

  private final Map<Pair, List<RunRecord>> runs;
  private final boolean cut;

  private History(Map<Pair, List<RunRecord>> runs, boolean cut) {
    this.runs = runs;
    this.cut = cut;
  }

  /** The runs in {@code log} that did not begin before {@code since}. */
  public static History read(RunLog log, Instant since) throws IOException {
    Deque<RunRecord> newest = new ArrayDeque<>();
    long[] dropped = new long[1];
    RunLines.readAll(
        log.files(),
        (run, line) -> {
          if (run.begun().isBefore(since)) {
            return;
          }
          newest.add(run);
          if (newest.size() > MAX_RUNS) {
            newest.remove();
            dropped[0]++;
          }
        });
    Map<Pair, List<RunRecord>> runs = new HashMap<>();
    newest.forEach(run -> runs.computeIfAbsent(run.pair(), pair -> new ArrayList<>()).add(run));
    return new History(runs, dropped[0] > 0);
  }

  /** The runs of {@code pair}, from the oldest to the newest. */
  public List<RunRecord> runs(Pair pair) {
    return Collections.unmodifiableList(runs.getOrDefault(pair, List.of()));
  }

  /** Whether there were more than are remembered. */
  public boolean isCut() {
    return cut;
  }
}
