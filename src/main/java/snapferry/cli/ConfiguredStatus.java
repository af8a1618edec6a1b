package snapferry.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.device.StateDirectory;
import snapferry.failure.ExitCode;
import snapferry.journal.ImageState;
import snapferry.journal.Manifest;
import snapferry.journal.Verification;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.Ledger;
import snapferry.ledger.Pair;
import snapferry.ledger.RunRecord;
import snapferry.ledger.Severity;
import snapferry.replicate.LocalSourcePlace;
import snapferry.replicate.LocalStandbyPlace;
import snapferry.replicate.Monitor;
import snapferry.replicate.Snapshots;
import snapferry.replicate.SourceReading;
import snapferry.ssh.Endpoint;
import snapferry.track.TrackedSnapshots;

/**
 * How a configured standby stands, as far as this host knows: a standby of this host is looked at;
 * of one elsewhere, what the source remembers of it and what the run log says must do.
 *
 * @param pair which volume and standby
 * @param target where the standby is
 * @param condition what it is good for
 * @param detail why it is damaged, or which epoch waits for recovery; empty otherwise
 * @param epoch that it holds; 0 if none is known of
 * @param time when the source was as the standby is; null if that is not known
 * @param last the last run; null if none is on record
 * @param facts what else is known
 */
record ConfiguredStatus(
    Pair pair,
    String target,
    StandbyStatus.Condition condition,
    String detail,
    long epoch,
    @Nullable Instant time,
    @Nullable RunRecord last,
    StandbyFacts facts) {
  static final List<String> HEADINGS = headings();

  private static List<String> headings() {
    List<String> headings = new ArrayList<>(List.of("VOLUME", "STANDBY", "EPOCH", "AGE"));
    headings.addAll(StandbyFacts.HEADINGS);
    headings.addAll(List.of("STATE", "LAST RUN", "RESULT"));
    return List.copyOf(headings);
  }

  /** Looks at a standby, or at what is known of it. */
  static ConfiguredStatus of(Volume volume, Standby standby, Ledger ledger, Path stateRoot)
      throws IOException {
    Pair pair = new Pair(volume.name(), standby.name());
    if (standby.target() instanceof Endpoint.Local local) {
      LocalStandbyPlace place = new LocalStandbyPlace(local.path(), stateRoot);
      StandbyStatus here = StandbyStatus.of(place);
      Manifest manifest = here.manifest();
      long epoch = manifest == null ? 0 : manifest.epoch();
      return new ConfiguredStatus(
          pair,
          standby.target().toString(),
          here.condition(),
          here.detail(),
          epoch,
          manifest == null ? null : manifest.time(),
          ledger.last(pair),
          StandbyFacts.of(
              source(volume),
              manifest == null ? null : manifest.standby(),
              epoch,
              verified(place.look()),
              ledger.lastWell(pair),
              stateRoot));
    }
    return elsewhere(pair, volume, standby, ledger, stateRoot);
  }

  private static ConfiguredStatus elsewhere(
      Pair pair, Volume volume, Standby standby, Ledger ledger, Path stateRoot) throws IOException {
    RunRecord well = ledger.lastWell(pair);
    Memory memory = memory(volume, well, stateRoot);
    Manifest remembered = memory.manifest();
    Achievement achievement = well == null ? null : well.achievement();
    long epoch = achievement == null ? 0 : achievement.count(Count.EPOCH);
    boolean stands = epoch > 0;
    boolean known = remembered != null && remembered.state() == ImageState.STANDING;
    long held = remembered != null && known ? remembered.epoch() : epoch;
    return new ConfiguredStatus(
        pair,
        standby.target().toString(),
        stands ? StandbyStatus.Condition.STANDING : StandbyStatus.Condition.UNKNOWN,
        "",
        held,
        remembered != null && known ? remembered.time() : well == null ? null : well.begun(),
        ledger.last(pair),
        StandbyFacts.of(
            source(volume),
            well == null ? null : well.identity(),
            held,
            memory.verified(),
            well,
            stateRoot));
  }

  private static @Nullable Path source(Volume volume) {
    return volume.source() instanceof Endpoint.Local local ? local.path() : null;
  }

  private static @Nullable Verification verified(@Nullable StateDirectory directory)
      throws IOException {
    try (directory) {
      return directory == null ? null : Verification.load(directory);
    }
  }

  /** What the source remembers of a standby. */
  private record Memory(@Nullable Manifest manifest, @Nullable Verification verified) {
    static final Memory NONE = new Memory(null, null);
  }

  /**
   * What the source remembers of the standby that acknowledged a run; nothing if that is not there
   * or cannot be read, of which a run has more to say.
   */
  private static Memory memory(Volume volume, @Nullable RunRecord run, Path stateRoot) {
    if (run == null
        || run.identity() == null
        || !(volume.source() instanceof Endpoint.Local local)) {
      return Memory.NONE;
    }
    try (LocalSourcePlace place =
            new LocalSourcePlace(
                TrackedSnapshots.resolve(local.path(), stateRoot),
                stateRoot,
                Snapshots.NONE,
                SourceReading.DEFAULT,
                Monitor.SILENT);
        StateDirectory directory = place.look(run.identity())) {
      return directory == null
          ? Memory.NONE
          : new Memory(Manifest.load(directory), Verification.load(directory));
    } catch (IOException e) {
      return Memory.NONE;
    }
  }

  /** How a command ends that finds this. */
  ExitCode exit() {
    boolean failed = last == null || !last.isWell();
    return Severity.worse(condition.exit(), failed ? ExitCode.WARNINGS : ExitCode.DONE);
  }

  /** The cells of a table for people, as in {@link #HEADINGS}. */
  List<String> cells(Instant now) {
    List<String> cells = new ArrayList<>(List.of(pair.volume(), pair.standby()));
    cells.add(epoch == 0 ? "-" : Long.toString(epoch));
    cells.add(time == null || epoch == 0 ? "-" : Amount.age(Duration.between(time, now)));
    cells.addAll(facts.cells(now));
    cells.add(StandbyStatus.words(condition, detail));
    cells.add(last == null ? "-" : Amount.age(Duration.between(last.ended(), now)) + " ago");
    cells.add(last == null ? "-" : result(last));
    return cells;
  }

  private static String result(RunRecord run) {
    return run.message() == null
        ? run.exit().meaning()
        : run.exit().meaning() + ": " + run.message();
  }

  /** The fields of the event {@code replication}; what is not known is left out. */
  void fields(JsonGenerator event, Instant now) throws IOException {
    event.writeStringField("volume", pair.volume());
    event.writeStringField("standby", pair.standby());
    event.writeStringField("target", target);
    event.writeStringField("state", condition.label());
    event.writeStringField("detail", detail);
    if (epoch > 0) {
      event.writeNumberField("epoch", epoch);
      if (time != null) {
        event.writeStringField("time", time.toString());
        event.writeNumberField("lagSeconds", Math.max(0, Duration.between(time, now).toSeconds()));
      }
    }
    facts.fields(event);
    if (last != null) {
      event.writeStringField("lastRun", last.ended().truncatedTo(ChronoUnit.MILLIS).toString());
      event.writeStringField("result", last.exit().meaning());
      event.writeNumberField("exit", last.exit().code());
      if (last.message() != null) {
        event.writeStringField("message", last.message());
      }
    }
  }
}
