package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import snapferry.failure.ExitCode;
import snapferry.lvm.Leftovers;

/** Removes snapshots that killed runs left behind, or only says which. */
final class Cleanup implements Task {
  private final Path stateRoot;
  private final boolean dryRun;

  Cleanup(Path stateRoot, boolean dryRun) {
    this.stateRoot = stateRoot;
    this.dryRun = dryRun;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    Leftovers leftovers = new Leftovers(stateRoot);
    Leftovers.Found found = leftovers.find();
    for (String snapshot : found.foreign()) {
      report.warn(
          snapshot
              + " was taken by a run with another state directory than "
              + stateRoot
              + ": it stays. lvremove removes it, if that run is over");
    }
    for (String snapshot : found.kept()) {
      report.say(snapshot + " is kept: it narrows the reading of later runs");
    }
    List<String> names = dryRun ? found.removable() : leftovers.remove();
    String done = dryRun ? "would remove " : "removed ";
    for (String name : names) {
      report.say(done + name);
      report.event("leftover", event -> event.writeStringField("snapshot", name));
    }
    if (names.isEmpty()) {
      report.say("nothing left behind");
    }
    return ExitCode.DONE;
  }
}
