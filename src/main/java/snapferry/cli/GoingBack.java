package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.failure.ExitCode;
import snapferry.journal.UndoHeader;
import snapferry.replicate.LocalStandbyPlace;
import snapferry.replicate.Rollback;
import snapferry.replicate.Standby;

/** {@code rollback}: a standby holds again what it held at an earlier epoch. */
final class GoingBack implements Task {
  private final Path target;
  private final Path stateRoot;
  private final long epoch;
  private final boolean dryRun;

  GoingBack(Path target, Path stateRoot, long epoch, boolean dryRun) {
    this.target = target;
    this.stateRoot = stateRoot;
    this.epoch = epoch;
    this.dryRun = dryRun;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    LocalStandbyPlace place = new LocalStandbyPlace(target, stateRoot);
    try (Standby standby = Standby.open(place, dryRun, report)) {
      Rollback rollback = Rollback.prepare(standby, epoch, report);
      if (dryRun) {
        rehearse(rollback, report);
      } else {
        goBack(rollback, report);
      }
    }
    StandbyStatus status = StandbyStatus.of(place);
    report.event("status", event -> status.fields(event, Instant.now()));
    return ExitCode.DONE;
  }

  private void rehearse(Rollback rollback, Report report) throws IOException {
    long blocks = rollback.rehearse();
    report.say(
        "%s: would hold %s again; %s"
            .formatted(
                target,
                words(rollback.goal()),
                blocks < 0
                    ? "as its size or block size was another, the image would be read for it"
                    : Amount.count(blocks, "block") + " would change"));
  }

  private void goBack(Rollback rollback, Report report) throws IOException {
    Rollback.Outcome outcome = rollback.run();
    report.say(
        "%s: holds %s again, as epoch %d; %s changed, wrote %s"
            .formatted(
                target,
                words(rollback.goal()),
                outcome.manifest().epoch(),
                Amount.count(outcome.blocks(), "block"),
                Amount.bytes(outcome.bytesWritten())));
    report.say(
        "Its source replicates into it again only with --rejoin: push --rejoin SOURCE " + target);
  }

  private static String words(UndoHeader goal) {
    return "epoch %d, root %s, taken at %s"
        .formatted(goal.baseEpoch(), goal.baseRoot().brief(), Instant.ofEpochMilli(goal.time()));
  }

  @Override
  public @Nullable String advice(ExitCode exit, boolean begun) {
    return switch (exit) {
      case FAILED, INTERRUPTED ->
          begun && !dryRun
              ? target
                  + " is as before, or holds the epoch that it was to go back to; status tells which"
              : null;
      default -> null;
    };
  }
}
