package snapferry.replicate;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullMarked;

/** A monitor that remembers what it was told. */
@NullMarked
public final class Notes implements Monitor {
  public final List<String> notes = new CopyOnWriteArrayList<>();
  public final List<String> warnings = new CopyOnWriteArrayList<>();

  @Override
  public void phase(Phase phase) {}

  @Override
  public void progress(long done, long total) {}

  @Override
  public void note(String text) {
    notes.add(text);
  }

  @Override
  public void warn(String text) {
    warnings.add(text);
  }
}
