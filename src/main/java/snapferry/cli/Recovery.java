package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;
import snapferry.replicate.LocalStandbyPlace;
import snapferry.replicate.Monitor;
import snapferry.replicate.Standby;

/** {@code recover}: opening a standby for writing recovers it; this says what that did. */
final class Recovery implements Task {
  private final List<Path> targets;
  private final Path stateRoot;

  Recovery(List<Path> targets, Path stateRoot) {
    this.targets = targets;
    this.stateRoot = stateRoot;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    for (Path target : targets) {
      recover(target, report);
    }
    return ExitCode.DONE;
  }

  private void recover(Path target, Report report) throws IOException {
    Deeds deeds = new Deeds(report);
    LocalStandbyPlace place = new LocalStandbyPlace(target, stateRoot);
    try (Standby standby = Standby.open(place, false, deeds)) {
      standby.requireSound();
      Manifest manifest = standby.manifest();
      if (manifest == null) {
        throw new Failure(ExitCode.LINEAGE, target + " is not known to be a standby of any volume");
      }
      deeds.texts.forEach(report::say);
      report.say(
          target + ": " + (deeds.texts.isEmpty() ? "nothing to recover; " : "") + now(manifest));
    }
    StandbyStatus status = StandbyStatus.of(place);
    report.event("status", event -> status.fields(event, Instant.now()));
  }

  private static String now(Manifest manifest) {
    String epoch =
        "epoch %d of %s, root %s"
            .formatted(manifest.epoch(), manifest.label(), manifest.root().brief());
    return switch (manifest.state()) {
      case SEEDING -> "a first copy of " + manifest.label() + " that goes on with the next run";
      case STANDING -> epoch;
      case PROMOTED -> "in use since it was promoted with " + epoch;
    };
  }

  /** Keeps what was done: here it is the result, not a note on the way. */
  private static final class Deeds implements Monitor {
    private final Report report;
    private final List<String> texts = new ArrayList<>();

    Deeds(Report report) {
      this.report = report;
    }

    @Override
    public void phase(Phase phase) {
      report.phase(phase);
    }

    @Override
    public void progress(long done, long total) {
      report.progress(done, total);
    }

    @Override
    public void note(String text) {
      texts.add(text);
      report.event("note", event -> event.writeStringField("text", text));
    }

    @Override
    public void warn(String text) {
      report.warn(text);
    }
  }
}
