package snapferry.config;

import java.util.List;
import snapferry.ssh.Endpoint;

/**
 * A volume that is replicated.
 *
 * @param name as its table is called
 * @param source where it is
 * @param settings what holds for it, and is inherited by its standbys
 * @param standbys in the order in which they are written; at least one, unless it is tracked
 * @param at where its table begins
 */
public record Volume(
    String name, Endpoint source, Settings settings, List<Standby> standbys, Position at) {
  public Volume {
    standbys = List.copyOf(standbys);
  }

  /** Whether {@code snapferry track} shows it. */
  public boolean isTracked() {
    return settings.isTrue(Key.TRACK);
  }
}
