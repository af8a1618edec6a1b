package snapferry.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.device.StateDirectory;
import snapferry.failure.ExitCode;
import snapferry.journal.ImageState;
import snapferry.journal.Manifest;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.Ledger;
import snapferry.ledger.Pair;
import snapferry.ledger.RunRecord;
import snapferry.ledger.Severity;
import snapferry.lvm.SourceSnapshots;
import snapferry.replicate.LocalSourcePlace;
import snapferry.replicate.LocalStandbyPlace;
import snapferry.replicate.Monitor;
import snapferry.replicate.Snapshots;
import snapferry.replicate.SourceReading;
import snapferry.ssh.Endpoint;

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
 * @param achieved what the last run did that went well; null if none is on record
 */
record ConfiguredStatus(
    Pair pair,
    String target,
    StandbyStatus.Condition condition,
    String detail,
    long epoch,
    @Nullable Instant time,
    @Nullable RunRecord last,
    @Nullable Achievement achieved) {
  static final List<String> HEADINGS =
      List.of("VOLUME", "STANDBY", "EPOCH", "AGE", "PATROL", "STATE", "LAST RUN", "RESULT");

  /** Looks at a standby, or at what is known of it. */
  static ConfiguredStatus of(Volume volume, Standby standby, Ledger ledger, Path stateRoot)
      throws IOException {
    Pair pair = new Pair(volume.name(), standby.name());
    if (standby.target() instanceof Endpoint.Local local) {
      StandbyStatus here = StandbyStatus.of(new LocalStandbyPlace(local.path(), stateRoot));
      return new ConfiguredStatus(
          pair,
          standby.target().toString(),
          here.condition(),
          here.detail(),
          here.manifest() == null ? 0 : here.manifest().epoch(),
          here.manifest() == null ? null : here.manifest().time(),
          ledger.last(pair),
          achieved(ledger.lastWell(pair)));
    }
    return elsewhere(pair, volume, standby, ledger, stateRoot);
  }

  private static ConfiguredStatus elsewhere(
      Pair pair, Volume volume, Standby standby, Ledger ledger, Path stateRoot) throws IOException {
    RunRecord well = ledger.lastWell(pair);
    Manifest remembered = well == null ? null : remembered(volume, well, stateRoot);
    Achievement achievement = achieved(well);
    long epoch = achievement == null ? 0 : achievement.counts().getOrDefault(Count.EPOCH, 0L);
    boolean stands = epoch > 0;
    boolean known = remembered != null && remembered.state() == ImageState.STANDING;
    return new ConfiguredStatus(
        pair,
        standby.target().toString(),
        stands ? StandbyStatus.Condition.STANDING : StandbyStatus.Condition.UNKNOWN,
        "",
        remembered != null && known ? remembered.epoch() : epoch,
        remembered != null && known ? remembered.time() : well == null ? null : well.begun(),
        ledger.last(pair),
        achievement);
  }

  private static @Nullable Achievement achieved(@Nullable RunRecord well) {
    return well == null ? null : well.achievement();
  }

  /** A number of the last run that went well; null if it has none. */
  private @Nullable Long number(Count count) {
    return achieved == null ? null : achieved.counts().get(count);
  }

  /**
   * What the source remembers of the standby that acknowledged a run; null if that is not there or
   * cannot be read, of which a run has more to say.
   */
  private static @Nullable Manifest remembered(Volume volume, RunRecord run, Path stateRoot) {
    if (run.identity() == null || !(volume.source() instanceof Endpoint.Local local)) {
      return null;
    }
    try (LocalSourcePlace place =
            new LocalSourcePlace(
                SourceSnapshots.resolve(local.path()),
                stateRoot,
                Snapshots.NONE,
                SourceReading.DEFAULT,
                Monitor.SILENT);
        StateDirectory directory = place.look(run.identity())) {
      return directory == null ? null : Manifest.load(directory);
    } catch (IOException e) {
      return null;
    }
  }

  /** How a command ends that finds this. */
  ExitCode exit() {
    boolean failed = last == null || !last.isWell();
    return Severity.worse(condition.exit(), failed ? ExitCode.WARNINGS : ExitCode.DONE);
  }

  /** The cells of a table for people, as in {@link #HEADINGS}. */
  List<String> cells(Instant now) {
    Long coverage = number(Count.PATROL_COVERAGE);
    return List.of(
        pair.volume(),
        pair.standby(),
        epoch == 0 ? "-" : Long.toString(epoch),
        time == null || epoch == 0 ? "-" : Amount.age(Duration.between(time, now)),
        coverage == null ? "-" : coverage + " %",
        StandbyStatus.words(condition, detail),
        last == null ? "-" : Amount.age(Duration.between(last.ended(), now)) + " ago",
        last == null ? "-" : result(last));
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
    for (Count count : List.of(Count.PATROL_COVERAGE, Count.PATROL_AGE)) {
      Long number = number(count);
      if (number != null) {
        event.writeNumberField(count.field(), number);
      }
    }
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
