package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;
import snapferry.replicate.LocalStandbyPlace;
import snapferry.ssh.Endpoint;

/** {@code reverse}: replicates a promoted image into what was its source, and nowhere else. */
final class Reversal implements Task {
  private final Path promoted;
  private final Endpoint formerSource;
  private final Path stateRoot;
  private final Replication replication;
  private final boolean dryRun;

  /**
   * @param replication from the one to the other
   * @throws Failure {@link ExitCode#USAGE} if the old source could not be asked who it is
   */
  Reversal(
      Path promoted, Endpoint formerSource, Path stateRoot, Replication replication, boolean dryRun)
      throws Failure {
    if (formerSource instanceof Endpoint.Remote remote && !remote.volumeName().isEmpty()) {
      throw new Failure(
          ExitCode.USAGE,
          formerSource + " is served by name: reverse needs its path (HOST:/PATH or HOST:./PATH)");
    }
    this.promoted = promoted;
    this.formerSource = formerSource;
    this.stateRoot = stateRoot;
    this.replication = replication;
    this.dryRun = dryRun;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    StandbyStatus status = StandbyStatus.of(new LocalStandbyPlace(promoted, stateRoot));
    @Nullable Manifest manifest = status.manifest();
    if (manifest == null || status.condition() != StandbyStatus.Condition.PROMOTED) {
      throw new Failure(
          ExitCode.LINEAGE,
          promoted
              + " was not promoted ("
              + StandbyStatus.words(status.condition(), status.detail())
              + "), so there is no way back from it. Nothing was touched");
    }
    ExitCode exit = replication.over(manifest.volume()).run(report);
    if (!dryRun) {
      report.say(formerSource + " is the standby of " + promoted + " now. It is kept so by");
      report.say("  snapferry push " + promoted + " " + formerSource);
    }
    return exit;
  }

  @Override
  public @Nullable String advice(ExitCode exit, boolean begun) {
    return replication.advice(exit, begun);
  }

  @Override
  public void finish(Report report, ExitCode exit) {
    replication.finish(report, exit);
  }
}
