package snapferry.html;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.ledger.Pair;
import snapferry.ledger.RunRecord;

/**
 * A volume on one of its standbys: what the page tells of.
 *
 * @param pair what it is called
 * @param source where the volume is
 * @param target where the standby is
 * @param state what the standby is good for, in words
 * @param sound whether that is well
 * @param epoch that it holds; 0 if none is known of
 * @param time when the source was as the standby is; null if that is not known
 * @param every how often it should get an epoch; null if nobody said
 * @param facts what else is known, from what to what
 * @param last its last run, however long ago; null if none is on record
 * @param runs its runs in the time that is looked at, from the oldest to the newest
 */
public record Replica(
    Pair pair,
    String source,
    String target,
    String state,
    boolean sound,
    long epoch,
    @Nullable Instant time,
    @Nullable Duration every,
    List<Fact> facts,
    @Nullable RunRecord last,
    List<RunRecord> runs) {
  public Replica {
    facts = List.copyOf(facts);
    runs = List.copyOf(runs);
  }

  /**
   * Something that is known of a standby.
   *
   * @param name what it is, as a heading
   * @param value in words
   */
  public record Fact(String name, String value) {}
}
