package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.ledger.Achievement;
import snapferry.ledger.RunRecord;
import snapferry.ledger.Severity;
import snapferry.replicate.Summary;
import snapferry.schedule.Rounds;
import snapferry.schedule.Timetable;

/** {@code run}: the runs of a timetable, each on a thread, under one report. */
final class Round implements Task, Rounds.Runner<ConfiguredRun> {
  private final List<ConfiguredRun> runs;
  private final boolean constant;
  private final Rounds<ConfiguredRun> rounds;
  private final Bookkeeping books;
  private final Interruption interruption;
  private final SnapshotTurns turns;
  private final int company;
  private final Map<ConfiguredRun, SnapshotTurns.Turn> turnOf = new ConcurrentHashMap<>();
  private final Map<ConfiguredRun, RunRecord> done = new ConcurrentHashMap<>();
  private final Set<Interruption> atWork = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Report report;

  /**
   * @param runs in their order
   * @param entries the same, with their periods
   * @param jobs how many of a lane to do at a time
   */
  Round(
      List<ConfiguredRun> runs,
      List<Timetable.Entry<ConfiguredRun>> entries,
      int jobs,
      Path stateRoot,
      Bookkeeping books,
      Interruption interruption) {
    this.runs = List.copyOf(runs);
    this.constant = entries.stream().anyMatch(each -> each.every() != null);
    this.turns = new SnapshotTurns(stateRoot);
    this.books = books;
    this.interruption = interruption;
    Timetable<ConfiguredRun> timetable = new Timetable<>(entries, jobs, new Random(), Rounds.now());
    this.company = timetable.mostAtWork();
    this.rounds = new Rounds<>(timetable, this);
  }

  @Override
  public ExitCode run(Report shown) throws IOException {
    report = shown;
    interruption.watch(this::stop);
    try {
      rounds.follow();
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
    ExitCode worst = worst();
    if (constant && interruption.hasFired()) {
      return worst == ExitCode.INTERRUPTED ? worst : ExitCode.DONE;
    }
    RoundText.table(runs, done).forEach(shown::say);
    return interruption.hasFired() ? ExitCode.INTERRUPTED : worst;
  }

  /** No run begins any more, and those at work are cut. */
  private void stop() {
    rounds.stop();
    atWork.forEach(Interruption::fire);
  }

  private ExitCode worst() {
    return done.values().stream().map(RunRecord::exit).reduce(ExitCode.DONE, Severity::worse);
  }

  @Override
  public void begin(ConfiguredRun run, long since) {
    turnOf.put(run, turns.turn(run.company(), since));
  }

  @Override
  public boolean run(ConfiguredRun run) {
    Interruption own = new Interruption();
    atWork.add(own);
    if (interruption.hasFired()) {
      own.fire();
    }
    try {
      return replicate(run, own, report().of(run.pair().toString()));
    } finally {
      atWork.remove(own);
    }
  }

  private Report report() {
    Report shown = report;
    if (shown == null) {
      throw new IllegalStateException("runs begin after the report");
    }
    return shown;
  }

  private boolean replicate(ConfiguredRun run, Interruption own, Report shown) {
    Instant begun = Instant.now();
    long start = System.nanoTime();
    Outcome outcome = new Outcome();
    ExitCode exit;
    UUID standby;
    try (SnapshotTurns.Turn turn = Objects.requireNonNull(turnOf.remove(run), "begun")) {
      exit =
          Run.of(
              () -> outcome.of(run.command().replication(own).within(turn).among(company)),
              shown,
              own);
      standby = turn.standby();
    }
    Summary summary = outcome.summary();
    RunRecord record =
        new RunRecord(
            run.pair(),
            begun,
            Duration.ofNanos(System.nanoTime() - start),
            exit,
            shown.trouble(),
            standby,
            summary == null ? null : Achievement.of(summary));
    done.put(run, record);
    if (!run.command().isDryRun()) {
      books.record(record, report());
    }
    return record.isWell();
  }

  /** Where a run leaves what it did. */
  private static final class Outcome {
    private @Nullable Replication replication;

    Replication of(Replication prepared) {
      replication = prepared;
      return prepared;
    }

    @Nullable Summary summary() {
      return replication == null ? null : replication.summary();
    }
  }

  @Override
  public void finish(Report shown, ExitCode exit) {
    shown.event("round", event -> RoundText.fields(event, runs, done, exit));
  }
}
