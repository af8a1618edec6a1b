package snapferry.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which runs are to begin, and when. A run never overlaps itself. Each lane takes its runs in their
 * order, so many at a time as it may; lanes pay no regard to each other, so that one that is slow
 * or stuck keeps no other waiting. Runs that keep company begin together where that costs nobody
 * anything: one that begins takes along those of the same period that would be due soon.
 *
 * <p>Times are nanoseconds of any clock that only goes forward. Not safe for use by several threads
 * at once.
 *
 * @param <K> what a run is known by
 */
public final class Timetable<K> {
  /**
   * Most runs at a time, unless there are more lanes: each takes memory (some 20 MiB and what the
   * search for moved data takes) and keeps cores busy. A lane that does nothing waits for no other
   * all the same, so that slow ones, however many, hold up none.
   */
  public static final int MAX_AT_WORK = 16;

  private final Map<K, Row<K>> rows = new LinkedHashMap<>();
  private final int jobs;
  private final RandomGenerator random;
  private boolean stopped;

  /**
   * A run that is to take place.
   *
   * @param run what it is known by; each but once
   * @param lane whom it must share with others
   * @param company runs that have it in common had better begin together; null for none
   * @param every from begin to begin; null for a run that takes place once
   */
  public record Entry<K>(K run, String lane, @Nullable Object company, @Nullable Duration every) {}

  private static final class Row<K> {
    private final K run;
    private final String lane;
    private final @Nullable Object company;
    private final @Nullable Rhythm rhythm;
    private State state = State.WAITING;
    private long due;
    private long begun;
    private int failures;

    Row(K run, String lane, @Nullable Object company, @Nullable Rhythm rhythm, long due) {
      this.run = run;
      this.lane = lane;
      this.company = company;
      this.rhythm = rhythm;
      this.due = due;
    }

    /**
     * Whether {@code other} may begin with this one, although it is not due. In half a period at
     * most, and it keeps in step from then on. What has failed goes by itself.
     */
    boolean takesAlong(Row<K> other, long now) {
      return company != null
          && company.equals(other.company)
          && rhythm != null
          && rhythm.equals(other.rhythm)
          && failures == 0
          && other.failures == 0
          && other.due - now <= rhythm.every().toNanos() / 2;
    }
  }

  private enum State {
    WAITING,
    AT_WORK,
    OVER
  }

  /**
   * All runs are due at once.
   *
   * @param entries in the order in which a lane takes them
   * @param jobs runs of a lane at a time
   * @param random for the random part of the waiting
   */
  public Timetable(List<Entry<K>> entries, int jobs, RandomGenerator random, long now) {
    this.jobs = jobs;
    this.random = random;
    for (Entry<K> entry : entries) {
      Rhythm rhythm = entry.every() == null ? null : new Rhythm(entry.every());
      rows.put(entry.run(), new Row<>(entry.run(), entry.lane(), entry.company(), rhythm, now));
    }
  }

  /** The runs that begin now: from here on they are at work. */
  public List<K> begin(long now) {
    List<Row<K>> due = new ArrayList<>();
    for (Row<K> row : rows.values()) {
      if (row.state == State.WAITING && row.due - now <= 0) {
        due.add(row);
      }
    }
    due.sort(Comparator.comparingLong(row -> row.due - now));
    List<Row<K>> begun = new ArrayList<>();
    due.forEach(row -> begin(row, now, begun));
    for (Row<K> row : List.copyOf(begun)) {
      for (Row<K> other : rows.values()) {
        if (row.takesAlong(other, now)) {
          begin(other, now, begun);
        }
      }
    }
    return begun.stream().map(row -> row.run).toList();
  }

  private void begin(Row<K> row, long now, List<Row<K>> begun) {
    if (row.state == State.WAITING && hasRoom(row.lane)) {
      row.state = State.AT_WORK;
      row.begun = now;
      begun.add(row);
    }
  }

  /** Since when a run was due that is at work: at the latest, since it began. */
  public long since(K run) {
    Row<K> row = atWork(run);
    return row.due - row.begun < 0 ? row.due : row.begun;
  }

  private boolean hasRoom(String lane) {
    long own = atWork(lane);
    return !stopped && (own == 0 || (own < jobs && atWork() < MAX_AT_WORK));
  }

  /** How many runs there can be at work at a time. */
  public int mostAtWork() {
    Map<String, Integer> lanes = new HashMap<>();
    rows.values().forEach(row -> lanes.merge(row.lane, 1, Integer::sum));
    int wanted = lanes.values().stream().mapToInt(runs -> Math.min(runs, jobs)).sum();
    return Math.min(wanted, MAX_AT_WORK + lanes.size() - 1);
  }

  private long atWork(String lane) {
    return rows.values().stream()
        .filter(row -> row.state == State.AT_WORK && row.lane.equals(lane))
        .count();
  }

  private long atWork() {
    return rows.values().stream().filter(row -> row.state == State.AT_WORK).count();
  }

  /**
   * A run is over.
   *
   * @param well false lets the next one wait longer
   */
  public void end(K run, boolean well, long now) {
    Row<K> row = atWork(run);
    row.failures = well ? 0 : row.failures + 1;
    if (row.rhythm == null) {
      row.state = State.OVER;
    } else {
      row.state = State.WAITING;
      row.due = row.rhythm.next(row.begun, now, row.failures, random);
    }
  }

  private Row<K> atWork(K run) {
    Row<K> row = rows.get(run);
    if (row == null || row.state != State.AT_WORK) {
      throw new IllegalArgumentException(run + " is not at work");
    }
    return row;
  }

  /**
   * When to ask again what begins; empty when that depends on the end of a run, or nothing is to
   * come.
   */
  public OptionalLong nextBegin() {
    return rows.values().stream()
        .filter(row -> row.state == State.WAITING && hasRoom(row.lane))
        .mapToLong(row -> row.due)
        .reduce((a, b) -> a - b <= 0 ? a : b);
  }

  /** From now on nothing begins. */
  public void stop() {
    stopped = true;
  }

  /** Whether nothing is at work and nothing is to come. */
  public boolean isOver() {
    return rows.values().stream()
        .noneMatch(row -> row.state == State.AT_WORK || (row.state == State.WAITING && !stopped));
  }
}
