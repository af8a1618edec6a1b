package snapferry.replicate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Tells several runs what concerns them all; the last of them also what comes after it. */
final class Audience implements Monitor {
  private final Set<Monitor> runs = new LinkedHashSet<>();

  synchronized void add(Monitor run) {
    runs.add(run);
  }

  synchronized void remove(Monitor run) {
    if (runs.size() > 1) {
      runs.remove(run);
    }
  }

  private void tell(Consumer<Monitor> what) {
    List<Monitor> all;
    synchronized (this) {
      all = List.copyOf(runs);
    }
    all.forEach(what);
  }

  @Override
  public void phase(Phase phase) {
    tell(run -> run.phase(phase));
  }

  @Override
  public void progress(long done, long total) {
    tell(run -> run.progress(done, total));
  }

  @Override
  public void note(String text) {
    tell(run -> run.note(text));
  }

  @Override
  public void warn(String text) {
    tell(run -> run.warn(text));
  }
}
