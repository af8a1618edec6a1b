package snapferry.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.html.Replica;
import snapferry.journal.Verification;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.RunRecord;
import snapferry.lvm.KeptSnapshots;
import snapferry.lvm.SourceSnapshots;
import snapferry.track.TrackerConnection;
import snapferry.track.TrackerPlace;

/**
 * What is known of a standby beside its state. What is not known is empty.
 *
 * @param verified when it was last read and compared as a whole; null if that is not on record
 * @param behind bytes of the source that may differ from it by now, as its tracker counts
 * @param coverage how much of it was verified within the period of its patrol, in percent, as of
 *     the last run that went well
 * @param unpatrolled seconds since the part that waited longest was verified, or the patrol began,
 *     as of that run
 * @param journal bytes of the journal of that run
 * @param fill how full the snapshot is that is kept of its source for it, from 0 to 1
 */
record StandbyFacts(
    @Nullable Verification verified,
    OptionalLong behind,
    OptionalLong coverage,
    OptionalLong unpatrolled,
    OptionalLong journal,
    OptionalDouble fill) {
  static final List<String> HEADINGS =
      List.of("BEHIND", "VERIFIED", "PATROL", "JOURNAL", "SNAPSHOT");

  /**
   * Looks for them.
   *
   * @param source of the volume; null if it is not on this host
   * @param standby whom the source knows it as; null if that is not known
   * @param epoch that it holds
   * @param well its last run that went well
   */
  static StandbyFacts of(
      @Nullable Path source,
      @Nullable UUID standby,
      long epoch,
      @Nullable Verification verified,
      @Nullable RunRecord well,
      Path stateRoot) {
    Achievement done = well == null ? null : well.achievement();
    return new StandbyFacts(
        verified,
        behind(source, standby, epoch, stateRoot),
        number(done, Count.PATROL_COVERAGE),
        number(done, Count.PATROL_AGE),
        number(done, Count.JOURNAL_BYTES),
        fill(source, standby));
  }

  private static OptionalLong number(@Nullable Achievement done, Count count) {
    Long number = done == null ? null : done.counts().get(count);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private static OptionalLong behind(
      @Nullable Path source, @Nullable UUID standby, long epoch, Path stateRoot) {
    if (source == null || standby == null) {
      return OptionalLong.empty();
    }
    try {
      Path volume = TrackerPlace.resolve(source, stateRoot);
      try (@Nullable TrackerConnection tracker = TrackerPlace.of(stateRoot, volume).connect()) {
        return tracker == null ? OptionalLong.empty() : tracker.behind(standby, epoch);
      }
    } catch (IOException e) {
      return OptionalLong.empty(); // Of a tracker that cannot be asked, track status says more.
    }
  }

  private static OptionalDouble fill(@Nullable Path source, @Nullable UUID standby) {
    if (source == null || standby == null) {
      return OptionalDouble.empty();
    }
    try {
      return KeptSnapshots.fill(SourceSnapshots.resolve(source), standby);
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  /** What {@code done} does not know: what is seen of the standby when the run is over. */
  Achievement on(Achievement done, Instant ended) {
    Achievement known = done;
    if (verified != null && verified.same()) {
      long age = Duration.between(verified.time(), ended).toSeconds();
      known = known.with(Count.VERIFY_AGE, Math.max(0, age));
    }
    return fill.isEmpty()
        ? known
        : known.with(Count.SNAPSHOT_FILL, Math.round(100 * fill.getAsDouble()));
  }

  /** The cells of a table for people, as in {@link #HEADINGS}. */
  List<String> cells(Instant now) {
    return List.of(
        behind.isEmpty() ? "-" : Amount.bytes(behind.getAsLong()),
        verified == null ? "-" : words(verified, now),
        coverage.isEmpty() ? "-" : coverage.getAsLong() + " %",
        journal.isEmpty() ? "-" : Amount.bytes(journal.getAsLong()),
        fill.isEmpty() ? "-" : percent());
  }

  private static String words(Verification verified, Instant now) {
    return (verified.same() ? "" : "DIFFERENT ")
        + Amount.age(Duration.between(verified.time(), now))
        + " ago";
  }

  private String percent() {
    return Math.round(100 * fill.orElse(0)) + " %";
  }

  /** The same for a page; what is not known is left out. */
  List<Replica.Fact> facts(Instant now) {
    List<Replica.Fact> facts = new ArrayList<>();
    if (verified != null) {
      facts.add(
          new Replica.Fact("verified", words(verified, now) + ", with epoch " + verified.epoch()));
    }
    behind.ifPresent(bytes -> facts.add(new Replica.Fact("behind by", Amount.bytes(bytes))));
    coverage.ifPresent(
        percent -> facts.add(new Replica.Fact("patrolled", percent + " % within the period")));
    journal.ifPresent(bytes -> facts.add(new Replica.Fact("last journal", Amount.bytes(bytes))));
    fill.ifPresent(level -> facts.add(new Replica.Fact("kept snapshot", percent() + " full")));
    return facts;
  }

  /** Its fields of an event; what is not known is left out. */
  void fields(JsonGenerator event) throws IOException {
    if (behind.isPresent()) {
      event.writeNumberField("behindBytes", behind.getAsLong());
    }
    if (verified != null) {
      event.writeStringField("verified", verified.time().toString());
      event.writeNumberField("verifiedEpoch", verified.epoch());
      event.writeBooleanField("verifiedSame", verified.same());
    }
    if (coverage.isPresent()) {
      event.writeNumberField(Count.PATROL_COVERAGE.field(), coverage.getAsLong());
    }
    if (unpatrolled.isPresent()) {
      event.writeNumberField(Count.PATROL_AGE.field(), unpatrolled.getAsLong());
    }
    if (journal.isPresent()) {
      event.writeNumberField("journalBytes", journal.getAsLong());
    }
    if (fill.isPresent()) {
      event.writeNumberField("snapshotFill", fill.getAsDouble());
    }
  }
}
