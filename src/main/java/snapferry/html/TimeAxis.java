package snapferry.html;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Time cut into slots of equal length, a length that people count in, so that a drawing of ten runs
 * and one of ten thousand are of one size.
 *
 * @param begin of the first slot
 * @param slot the length of each
 * @param slots how many
 */
record TimeAxis(Instant begin, Duration slot, int slots) {
  private static final List<Duration> LENGTHS =
      Stream.concat(
              LongStream.of(1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
                  .mapToObj(Duration::ofMinutes),
              LongStream.of(1, 2, 7, 14, 28, 56, 112, 224, 448, 896, 1792, 3584)
                  .mapToObj(Duration::ofDays))
          .toList();
  private static final DateTimeFormatter TIME = utc("HH:mm");
  private static final DateTimeFormatter DAY = utc("d MMM");
  private static final DateTimeFormatter DAY_AND_TIME = utc("d MMM HH:mm");

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /** An axis from {@code first} to {@code last}, both within it, of at most so many slots. */
  static TimeAxis over(Instant first, Instant last, int slots) {
    for (Duration length : LENGTHS) {
      Instant begin = floor(first, length);
      long needed = Duration.between(begin, last).dividedBy(length) + 1;
      if (needed <= slots) {
        // Where there is little yet, there is room before it rather than wide bars.
        int count = (int) Math.max(needed, slots / 3);
        return new TimeAxis(last(last, length, count), length, count);
      }
    }
    Duration longest = LENGTHS.get(LENGTHS.size() - 1);
    return new TimeAxis(last(last, longest, slots), longest, slots);
  }

  private static Instant last(Instant last, Duration length, int slots) {
    return floor(last, length).minus(length.multipliedBy(slots - 1L));
  }

  private static Instant floor(Instant time, Duration length) {
    return Instant.ofEpochSecond(
        Math.floorDiv(time.getEpochSecond(), length.toSeconds()) * length.toSeconds());
  }

  /** The slot that {@code time} is in; what is before or behind goes to the nearest. */
  int slotOf(Instant time) {
    long index = Math.floorDiv(time.getEpochSecond() - begin.getEpochSecond(), slot.toSeconds());
    return (int) Math.max(0, Math.min(slots - 1L, index));
  }

  /** When slot {@code index} begins. */
  Instant beginOf(int index) {
    return begin.plus(slot.multipliedBy(index));
  }

  /** A slot in words. */
  String label(int index) {
    DateTimeFormatter format = slot.toDays() >= 1 ? DAY : DAY_AND_TIME;
    Instant end = beginOf(index + 1);
    return format.format(beginOf(index))
        + " – "
        + (slot.toDays() >= 1 ? DAY.format(end.minusSeconds(1)) : TIME.format(end));
  }

  /** What stands at the beginning of slot {@code index}: the day, or at another time that. */
  String tick(int index) {
    Instant time = beginOf(index);
    boolean midnight = time.getEpochSecond() % Duration.ofDays(1).toSeconds() == 0;
    return (midnight ? DAY : TIME).format(time);
  }

  /** Which slots have a label below them: about so many, at round times. */
  List<Integer> ticks(int wanted) {
    int index = LENGTHS.indexOf(slot);
    Duration step = slot;
    while (slot.multipliedBy(slots).dividedBy(step) > wanted && index + 1 < LENGTHS.size()) {
      index++;
      step = LENGTHS.get(index);
    }
    long every = step.toSeconds();
    return IntStream.range(0, slots)
        .filter(each -> beginOf(each).getEpochSecond() % every == 0)
        .boxed()
        .toList();
  }
}
