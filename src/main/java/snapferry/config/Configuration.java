package snapferry.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * All that is replicated from or to this host, and how.
 *
 * @param settings those of the process, and what is inherited from the top
 * @param volumes in the order of the files and of their lines
 */
public record Configuration(Settings settings, List<Volume> volumes) {
  public Configuration {
    volumes = List.copyOf(volumes);
  }

  /**
   * The volumes that people name, in the order of the configuration; all if they name none.
   *
   * @throws Failure {@link ExitCode#USAGE} if there is no such volume
   */
  public List<Volume> select(List<String> names) throws Failure {
    if (names.isEmpty()) {
      return volumes;
    }
    Set<String> wanted = new LinkedHashSet<>(names);
    List<Volume> chosen = new ArrayList<>();
    for (Volume volume : volumes) {
      if (wanted.remove(volume.name())) {
        chosen.add(volume);
      }
    }
    if (!wanted.isEmpty()) {
      throw new Failure(
          ExitCode.USAGE,
          "no volume is called "
              + String.join(" or ", wanted)
              + "; there is "
              + volumes.stream().map(Volume::name).collect(Collectors.joining(", ")));
    }
    return chosen;
  }
}
