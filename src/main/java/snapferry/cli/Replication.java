package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.lvm.SnapshotSettings;
import snapferry.replicate.LocalSourcePlace;
import snapferry.replicate.Preload;
import snapferry.replicate.Session;
import snapferry.replicate.SnapshotGroup;
import snapferry.replicate.StandbyPlace;
import snapferry.replicate.Summary;
import snapferry.ssh.Endpoint;
import snapferry.ssh.RemoteShell;
import snapferry.track.TrackedSnapshots;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** A session between two endpoints, of which at most one is on another host. */
final class Replication implements Task {
  private final Purpose purpose;
  private final Endpoint source;
  private final Endpoint target;
  private final Wishes wishes;
  private final SnapshotOptions snapshot;
  private final LineOptions line;
  private final LoadOptions load;
  private final @Nullable Duration patrol;
  private final Path stateRoot;
  private final boolean statistics;
  private final Interruption interruption;
  private @Nullable SnapshotsWrapping wrapping;
  private @Nullable UUID promotedFrom;
  private int company = 1;
  private @Nullable Summary summary;

  /**
   * @param patrol within which time to read all of both ends again; null for never
   * @param statistics whether to print all counters
   * @throws Failure {@link ExitCode#USAGE} if both ends are on other hosts
   */
  Replication(
      Purpose purpose,
      Endpoint source,
      Endpoint target,
      Wishes wishes,
      SnapshotOptions snapshot,
      LineOptions line,
      LoadOptions load,
      @Nullable Duration patrol,
      Path stateRoot,
      boolean statistics,
      Interruption interruption)
      throws Failure {
    if (source instanceof Endpoint.Remote && target instanceof Endpoint.Remote) {
      throw new Failure(
          ExitCode.USAGE, "source and target are both on other hosts: run this on one of them");
    }
    this.purpose = purpose;
    this.source = source;
    this.target = target;
    this.wishes = wishes;
    this.snapshot = snapshot;
    this.line = line;
    this.load = load;
    this.patrol = patrol;
    this.stateRoot = stateRoot;
    this.statistics = statistics;
    this.interruption = interruption;
  }

  /** The same, which takes its snapshots through {@code between}. */
  Replication within(SnapshotsWrapping between) {
    wrapping = between;
    return this;
  }

  /** The same, but into no other target than the source of {@code volume}, which was promoted. */
  Replication over(UUID volume) {
    promotedFrom = volume;
    return this;
  }

  /** The same, as one of so many that may be at work at a time in this process. */
  Replication among(int runs) {
    company = runs;
    return this;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    Summary done = session(report);
    summary = done;
    report.say(SummaryText.line(done, purpose));
    if (statistics) {
      SummaryText.table(done).forEach(report::say);
    }
    boolean different = purpose == Purpose.VERIFY && done.blocksChanged() > 0;
    return different ? ExitCode.DIFFERENT : ExitCode.DONE;
  }

  private Summary session(Report report) throws IOException {
    Load own = load.load();
    own.apply();
    if (target instanceof Endpoint.Remote remote) {
      try (LocalSourcePlace place = sourcePlace(own, report)) {
        ServeWords words = new ServeWords();
        snapshot.tellStandby(words);
        words.add(ServeArguments.REVERSES, promotedFrom == null ? null : promotedFrom.toString());
        return overShell(
            remote,
            words,
            report,
            session -> session.push(remote.volumeName(), place, purpose, wishes));
      }
    }
    if (source instanceof Endpoint.Remote remote) {
      load.requireLocalSource();
      StandbyPlace place =
          ServedVolumes.standby(path(target), stateRoot, snapshot.keeping(), report);
      ServeWords words = new ServeWords();
      snapshot.tellSource(words);
      return overShell(
          remote,
          words,
          report,
          session -> session.pull(remote.volumeName(), place, purpose, wishes));
    }
    try (LocalSourcePlace place = sourcePlace(own, report)) {
      return new LocalPair(
              path(source),
              place,
              path(target),
              stateRoot,
              snapshot.keeping(),
              promotedFrom,
              settings())
          .run(purpose, wishes, report, interruption);
    }
  }

  private LocalSourcePlace sourcePlace(Load own, Report report) throws IOException {
    Path path = TrackedSnapshots.resolve(path(source), stateRoot);
    SnapshotSettings settings = snapshot.settings();
    SnapshotGroup.Taking taking = monitor -> new TrackedSnapshots(settings, stateRoot, monitor);
    return new LocalSourcePlace(
        path,
        stateRoot,
        wrapping == null ? taking.heardBy(report) : wrapping.around(taking, report),
        own.reading(),
        report);
  }

  private Session.Settings settings() throws Failure {
    return line.settings().withPatrol(patrol).sharedBy(company);
  }

  private static Path path(Endpoint endpoint) {
    return ((Endpoint.Local) endpoint).path();
  }

  private interface Talk {
    Summary with(Session session) throws IOException;
  }

  private Summary overShell(Endpoint.Remote remote, ServeWords words, Report report, Talk talk)
      throws IOException {
    Session.Settings settings = settings();
    load.tell(words);
    line.tell(words);
    RemoteShell shell = line.connect(remote, words);
    Preload.start();
    try (Session session = new Session(shell.ends(), settings, report)) {
      interruption.watch(session);
      try {
        return talk.with(session);
      } catch (Failure e) {
        throw shell.explain(e);
      } finally {
        shell.end();
      }
    }
  }

  /** What was done; null before, and after a failure. */
  @Nullable Summary summary() {
    return summary;
  }

  @Override
  public @Nullable String advice(ExitCode exit, boolean begun) {
    if (!begun) {
      return null;
    }
    return switch (exit) {
      case FAILED, SNAPSHOT_LOST, TRANSPORT, PROTOCOL, INTERRUPTED ->
          purpose == Purpose.REPLICATE
              ? target
                  + ": run the same command again; a standing image is one complete epoch (the next"
                  + " run finishes what was being applied), and a first copy goes on where it was"
              : "nothing was written";
      default -> null;
    };
  }

  @Override
  public void finish(Report report, ExitCode exit) {
    report.event("summary", event -> SummaryText.fields(event, source.toString(), summary, exit));
  }
}
