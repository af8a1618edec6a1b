package snapferry.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@NullMarked
class TimetableTest {
  private static final long SEED = Long.getLong("snapferry.seed", 1);
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MINUTE = 60 * SECOND;

  /** As near to the end of the clock as it gets, so that comparisons must bear its overflow. */
  private static final long START = Long.MAX_VALUE - MINUTE;

  /** Never adds anything to the waiting. */
  private static final Random NO_JITTER =
      new Random() {
        private static final long serialVersionUID = 1L;

        @Override
        public long nextLong(long bound) {
          return 0;
        }
      };

  private static Timetable.Entry<String> entry(String run, @Nullable Duration every) {
    return new Timetable.Entry<>(run, run.substring(run.indexOf('/') + 1), null, every);
  }

  /** Of a volume whose runs keep company. */
  private static Timetable.Entry<String> company(String run, Duration every) {
    String volume = run.substring(0, run.indexOf('/'));
    return new Timetable.Entry<>(run, run.substring(run.indexOf('/') + 1), volume, every);
  }

  private static Timetable<String> table(int jobs, List<Timetable.Entry<String>> entries) {
    return new Timetable<>(entries, jobs, NO_JITTER, START);
  }

  @Test
  void aLaneTakesItsRunsInOrderAndLanesDoNotWaitForEachOther() {
    Timetable<String> table =
        table(
            1,
            List.of(
                entry("web/a", null),
                entry("web/b", null),
                entry("db/a", null),
                entry("db/b", null)));
    assertThat(table.begin(START)).containsExactly("web/a", "web/b");
    assertThat(table.begin(START)).isEmpty();
    assertThat(table.nextBegin()).as("before an end").isEmpty();
    table.end("web/b", false, START);
    assertThat(table.begin(START)).containsExactly("db/b");
    table.end("db/b", true, START);
    assertThat(table.isOver()).as("a is at work").isFalse();
    table.end("web/a", true, START);
    assertThat(table.begin(START)).containsExactly("db/a");
    table.end("db/a", true, START);
    assertThat(table.isOver()).isTrue();
    assertThat(table.nextBegin()).isEmpty();
  }

  @Test
  void moreJobsAreMoreRunsOfALane() {
    Timetable<String> table =
        table(2, List.of(entry("web/a", null), entry("db/a", null), entry("mail/a", null)));
    assertThat(table.begin(START)).containsExactly("web/a", "db/a");
    table.end("db/a", true, START);
    assertThat(table.begin(START)).containsExactly("mail/a");
  }

  @Test
  void slowLanesHoweverManyHoldUpNoOther() {
    List<Timetable.Entry<String>> entries = new ArrayList<>();
    for (int i = 0; i < 3 * Timetable.MAX_AT_WORK; i++) {
      entries.add(entry("web/" + i, null));
    }
    Timetable<String> table = new Timetable<>(entries, 1, NO_JITTER, START);
    assertThat(table.mostAtWork()).isEqualTo(entries.size());
    assertThat(table.begin(START)).hasSize(entries.size());
  }

  @Test
  void beyondOneForEachLaneThereIsABoundForAllTogether() {
    List<Timetable.Entry<String>> entries = new ArrayList<>();
    for (int lane = 0; lane < 3; lane++) {
      for (int i = 0; i < Timetable.MAX_AT_WORK; i++) {
        entries.add(entry("web" + i + "/" + lane, null));
      }
    }
    Timetable<String> table = new Timetable<>(entries, Timetable.MAX_AT_WORK, NO_JITTER, START);
    assertThat(table.mostAtWork()).isEqualTo(Timetable.MAX_AT_WORK + 2);
    List<String> begun = table.begin(START);
    assertThat(begun).hasSize(Timetable.MAX_AT_WORK + 2).contains("web0/1", "web0/2");
    table.end("web0/0", true, START);
    assertThat(table.begin(START)).as("still as many as there may be").isEmpty();
  }

  @Test
  void aPeriodIsFromBeginToBegin() {
    Timetable<String> table = table(1, List.of(entry("web/a", Duration.ofMinutes(5))));
    table.begin(START);
    table.end("web/a", true, START + MINUTE);
    assertThat(table.nextBegin()).hasValue(START + 5 * MINUTE);
    assertThat(table.begin(START + 5 * MINUTE - 1)).isEmpty();
    assertThat(table.begin(START + 5 * MINUTE)).containsExactly("web/a");
    table.end("web/a", true, START + 30 * MINUTE);
    assertThat(table.nextBegin()).as("late, so at once").hasValue(START + 30 * MINUTE);
    assertThat(table.isOver()).isFalse();
  }

  @Test
  void failuresLetTheNextRunWaitLongerUpToAnHour() {
    Timetable<String> table = table(1, List.of(entry("web/a", Duration.ofMinutes(5))));
    long now = START;
    for (int minutes : new int[] {5, 10, 20, 40, 60, 60}) {
      assertThat(table.begin(now)).hasSize(1);
      table.end("web/a", false, now);
      now += minutes * MINUTE;
      assertThat(table.nextBegin()).hasValue(now);
    }
    table.begin(now);
    table.end("web/a", true, now);
    assertThat(table.nextBegin()).as("after one that went well").hasValue(now + 5 * MINUTE);
  }

  @Test
  void aPeriodBeyondAnHourIsNotShortenedByFailures() {
    Timetable<String> table = table(1, List.of(entry("web/a", Duration.ofDays(1))));
    long day = Duration.ofDays(1).toNanos();
    table.begin(START);
    table.end("web/a", false, START);
    assertThat(table.nextBegin()).hasValue(START + day);
    table.begin(START + day);
    table.end("web/a", false, START + day);
    assertThat(table.nextBegin()).hasValue(START + 2 * day);
  }

  @Test
  void theRandomPartIsATenthOfThePeriodAndFollowsItsSeed() {
    Set<Long> seen = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      long due = dueWithJitter(seed);
      assertThat(due)
          .isEqualTo(dueWithJitter(seed))
          .isBetween(5 * MINUTE, 5 * MINUTE + 30 * SECOND);
      seen.add(due);
    }
    assertThat(seen).hasSizeGreaterThan(90);
  }

  private static long dueWithJitter(int seed) {
    Timetable<String> table =
        new Timetable<>(List.of(entry("web/a", Duration.ofMinutes(5))), 1, new Random(seed), START);
    table.begin(START);
    table.end("web/a", true, START);
    return table.nextBegin().orElseThrow() - START;
  }

  @Test
  void whoKeepsCompanyBeginsTogetherWhateverTheRandomPart() {
    Duration every = Duration.ofMinutes(5);
    Timetable<String> table =
        new Timetable<>(
            List.of(company("web/a", every), company("web/b", every), company("db/c", every)),
            1,
            new Random(SEED),
            START);
    assertThat(table.begin(START)).hasSize(3);
    long now = START;
    for (int round = 0; round < 50; round++) {
      for (String run : List.of("web/a", "web/b", "db/c")) {
        table.end(run, true, now + MINUTE);
      }
      List<String> begun = List.of();
      while (!begun.contains("web/a")) {
        now = table.nextBegin().orElseThrow();
        begun = table.begin(now);
        assertThat(begun.contains("web/a")).as("seed %d", SEED).isEqualTo(begun.contains("web/b"));
      }
      now = table.nextBegin().orElse(now);
      table.begin(now);
    }
  }

  @Test
  void whoFellOutOfStepIsTakenAlongWithinHalfAPeriodAndNoSooner() {
    Duration every = Duration.ofMinutes(10);
    Timetable<String> table = table(1, List.of(company("web/a", every), company("web/b", every)));
    assertThat(table.begin(START)).containsExactly("web/a", "web/b");
    table.end("web/a", true, START + MINUTE);
    long late = START + 14 * MINUTE;
    assertThat(table.begin(START + 10 * MINUTE)).as("b goes on").containsExactly("web/a");
    table.end("web/a", true, START + 11 * MINUTE);
    table.end("web/b", true, late);
    assertThat(table.begin(late)).as("a is due in six minutes").containsExactly("web/b");
    assertThat(table.since("web/b")).isEqualTo(late);
    table.end("web/b", true, late + MINUTE);
    assertThat(table.begin(START + 20 * MINUTE)).as("b, in four").containsExactly("web/a", "web/b");
    assertThat(table.since("web/b")).as("no later than it began").isEqualTo(START + 20 * MINUTE);
  }

  @Test
  void whoFailedHasAnotherPeriodOrIsBusyIsNotTakenAlong() {
    Duration every = Duration.ofMinutes(10);
    Timetable<String> table =
        table(
            1,
            List.of(
                company("web/a", every),
                company("web/failed", every),
                company("web/rare", Duration.ofMinutes(11)),
                company("db/busy", Duration.ofHours(1)),
                company("web/busy", every)));
    assertThat(table.begin(START)).containsExactly("web/a", "web/failed", "web/rare", "db/busy");
    table.end("web/a", true, START);
    table.end("web/failed", false, START + MINUTE);
    table.end("web/rare", true, START);
    assertThat(table.begin(START + 10 * MINUTE)).containsExactly("web/a");
    assertThat(table.begin(START + 11 * MINUTE)).containsExactly("web/failed", "web/rare");
    table.end("db/busy", true, START + 12 * MINUTE);
    assertThat(table.begin(START + 12 * MINUTE)).containsExactly("web/busy");
    assertThat(table.since("web/busy")).as("it waited for its lane").isEqualTo(START);
  }

  @Test
  void afterAStopNothingBegins() {
    Timetable<String> table =
        table(1, List.of(entry("web/a", Duration.ofMinutes(5)), entry("db/a", null)));
    table.begin(START);
    table.stop();
    assertThat(table.isOver()).isFalse();
    table.end("web/a", true, START + MINUTE);
    assertThat(table.begin(START + 60 * MINUTE)).isEmpty();
    assertThat(table.nextBegin()).isEmpty();
    assertThat(table.isOver()).isTrue();
  }

  /** Runs of random length, for days: whatever happens, none overlaps itself, and none starves. */
  @Test
  void noRunOverlapsItselfAndNoneStarves() {
    Random random = new Random(SEED);
    List<Timetable.Entry<String>> entries = new ArrayList<>();
    for (int volume = 0; volume < 5; volume++) {
      for (String standby : List.of("a", "b", "c")) {
        entries.add(entry(volume + "/" + standby, Duration.ofMinutes(1 + random.nextInt(30))));
      }
    }
    Timetable<String> table = new Timetable<>(entries, 2, random, START);
    Map<String, Long> atWork = new HashMap<>();
    Map<String, Integer> begun = new HashMap<>();
    long now = START;
    for (int step = 0; step < 20_000; step++) {
      for (String run : table.begin(now)) {
        assertThat(atWork).as("seed %d", SEED).doesNotContainKey(run);
        atWork.put(run, now + random.nextLong(10 * MINUTE));
        begun.merge(run, 1, Integer::sum);
      }
      for (String lane : List.of("a", "b", "c")) {
        assertThat(atWork.keySet().stream().filter(run -> run.endsWith(lane)))
            .hasSizeLessThanOrEqualTo(2);
      }
      long next = next(table, atWork, now);
      assertThat(next - now).as("something is to come").isNotNegative();
      now = next;
      for (String run : List.copyOf(atWork.keySet())) {
        if (atWork.getOrDefault(run, now) - now <= 0) {
          atWork.remove(run);
          table.end(run, random.nextInt(4) > 0, now);
        }
      }
    }
    assertThat(begun).as("seed %d", SEED).hasSize(entries.size());
    assertThat(begun.values()).as("seed %d", SEED).allMatch(count -> count > 50);
  }

  private static long next(Timetable<String> table, Map<String, Long> atWork, long now) {
    long next = table.nextBegin().orElse(now + 1000 * MINUTE);
    for (long end : atWork.values()) {
      next = end - next < 0 ? end : next;
    }
    return next;
  }
}
