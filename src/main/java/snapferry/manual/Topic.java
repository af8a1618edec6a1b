package snapferry.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that {@code snapferry help} and page 7 of the manual explain, in the words of the
 * documentation.
 *
 * @param name what it is called there
 * @param about what it is about, in a few words
 * @param page of the documentation
 * @param sections of that page, by the beginnings of their headings; none for all of it
 */
public record Topic(String name, String about, String page, List<String> sections) {
  private static final String COMMANDS = "cli";

  /** All there are, in the order in which people meet them. */
  public static final List<Topic> ALL =
      List.of(
          page("first-run", "a first standby, step by step", "tour-seed"),
          page("cron", "many volumes, again and again, step by step", "tour-cron"),
          page("failover", "a standby is taken into use, and the way back", "tour-standby"),
          page("configuration", "the file of all volumes, run log and metrics", "config"),
          commands("ssh", "other hosts, and keys for one volume", "Endpoints", "The line", "serve"),
          commands("snapshots", "one point in time of a volume", "The snapshot", "Names and"),
          commands("changes", "how to read only what changed", "What changed"),
          commands("tracking", "noting what is written to any device", "track"),
          commands("recovery", "what to do with a standby", "verify, status"),
          commands("exit-codes", "what exit codes mean", "Exit codes"),
          commands("json", "output for programs", "JSON"),
          commands("files", "files and variables", "Files", "Environment"));

  public Topic {
    sections = List.copyOf(sections);
  }

  private static Topic page(String name, String about, String page) {
    return new Topic(name, about, page, List.of());
  }

  private static Topic commands(String name, String about, String... sections) {
    return new Topic(name, about, COMMANDS, List.of(sections));
  }

  /** The one of this name. */
  public static Optional<Topic> named(String name) {
    return ALL.stream().filter(topic -> topic.name.equals(name)).findFirst();
  }

  /** What there is to say, with a heading for each section if there are several. */
  public List<Block> blocks() {
    Page text = Page.read(page);
    if (sections.isEmpty()) {
      return text.body();
    }
    List<Block> blocks = new ArrayList<>();
    for (String section : sections) {
      List<Block> found = text.section(section);
      blocks.addAll(sections.size() == 1 ? found.subList(1, found.size()) : found);
    }
    return blocks;
  }
}
