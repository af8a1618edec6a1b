package snapferry.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import snapferry.codec.Amount;
import snapferry.device.StateDirectory;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.ImageState;
import snapferry.journal.Manifest;
import snapferry.journal.UndoChain;
import snapferry.journal.UndoHeader;
import snapferry.replicate.LocalStandbyPlace;

/** {@code history}: a table of epochs, or an event for each. */
final class History implements Task {
  private static final List<String> HEADINGS =
      List.of("EPOCH", "ROOT", "TIME", "AGE", "SIZE", "UNDO");

  private final Path target;
  private final Path stateRoot;

  History(Path target, Path stateRoot) {
    this.target = target;
    this.stateRoot = stateRoot;
  }

  /**
   * An epoch that the standby holds or can go back to.
   *
   * @param undoBytes of the record that leads to it from the one after it; 0 for the one it holds
   */
  private record Past(
      long epoch, String root, String brief, Instant time, long size, long undoBytes) {
    static Past of(Manifest held) {
      return new Past(
          held.epoch(),
          held.root().toString(),
          held.root().brief(),
          held.time(),
          held.shape().geometry().size(),
          0);
    }

    static Past of(UndoHeader link) {
      return new Past(
          link.baseEpoch(),
          link.baseRoot().toString(),
          link.baseRoot().brief(),
          Instant.ofEpochMilli(link.time()),
          link.shape().geometry().size(),
          link.end());
    }

    List<String> cells(Instant now) {
      return List.of(
          Long.toString(epoch),
          brief,
          time.truncatedTo(ChronoUnit.SECONDS).toString(),
          Amount.age(Duration.between(time, now)),
          Amount.bytes(size),
          undoBytes == 0 ? "-" : Amount.bytes(undoBytes));
    }

    void fields(JsonGenerator event) throws IOException {
      event.writeNumberField("epoch", epoch);
      event.writeStringField("root", root);
      event.writeStringField("time", time.toString());
      event.writeNumberField("bytesTotal", size);
      event.writeNumberField("undoBytes", undoBytes);
    }
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    StandbyStatus status = StandbyStatus.of(new LocalStandbyPlace(target, stateRoot));
    Manifest manifest = requireEpoch(status);
    UndoChain chain;
    try (StateDirectory directory = new LocalStandbyPlace(target, stateRoot).look()) {
      chain = UndoChain.of(Objects.requireNonNull(directory, "where the manifest is"), manifest);
    }
    List<Past> pasts = new ArrayList<>(List.of(Past.of(manifest)));
    chain.links().forEach(link -> pasts.add(Past.of(link)));
    Instant now = Instant.now();
    List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
    for (Past past : pasts) {
      rows.add(past.cells(now));
      report.event("epoch", past::fields);
    }
    Status.table(rows).forEach(report::say);
    if (chain.broken()) {
      report.warn(target + " goes no further back: " + chain.end());
    }
    return ExitCode.DONE;
  }

  private Manifest requireEpoch(StandbyStatus status) throws Failure {
    Manifest manifest = status.manifest();
    if (status.condition() == StandbyStatus.Condition.DAMAGED) {
      throw new Failure(ExitCode.INTEGRITY, target + ": " + status.detail());
    }
    if (status.condition() == StandbyStatus.Condition.RECOVER) {
      throw new Failure(
          ExitCode.FAILED, target + ": " + status.detail() + "; run snapferry recover first");
    }
    if (manifest == null || manifest.state() != ImageState.STANDING) {
      throw new Failure(ExitCode.LINEAGE, target + " is no standby that holds an epoch");
    }
    return manifest;
  }
}
