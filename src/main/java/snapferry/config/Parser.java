package snapferry.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import snapferry.failure.Failure;
import snapferry.lvm.SourceSnapshots;
import snapferry.ssh.Endpoint;

/** From TOML to {@link Configuration}. Goes on behind a mistake, to find the others too. */
final class Parser {
  private static final String VOLUME = "volume";
  private static final String STANDBY = "standby";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Volume> volumes = new LinkedHashMap<>();

  Configuration parse(ConfigurationText text) throws BadConfiguration {
    Table main = table(text.main());
    Settings settings = Settings.of(main.settings(List.of(Key.Scope.PROCESS), List.of(VOLUME)));
    volumes(main, settings);
    for (ConfigurationText.File part : text.parts()) {
      Table table = table(part);
      for (String key : table.toml.keySet()) {
        if (!key.equals(VOLUME)) {
          problem(table.position(key), "only [volume.NAME] may stand here; " + key + " may not");
        }
      }
      volumes(table, settings);
    }
    Configuration configuration = new Configuration(settings, List.copyOf(volumes.values()));
    if (problems.isEmpty()) {
      problems.addAll(Contradictions.in(configuration));
    }
    if (volumes.isEmpty() && problems.isEmpty()) {
      problem(Position.of(text.main().name()), "no [volume.NAME] is in here: nothing to replicate");
    }
    if (!problems.isEmpty()) {
      throw new BadConfiguration(problems);
    }
    return configuration;
  }

  private void problem(Position at, String text) {
    problems.add(new Problem(at, text));
  }

  private Table table(ConfigurationText.File file) {
    TomlParseResult result = Toml.parse(file.text());
    for (TomlParseError error : result.errors()) {
      problem(
          new Position(file.name(), error.position().line()), String.valueOf(error.getMessage()));
    }
    return new Table(file.name(), result, Position.of(file.name()));
  }

  private void volumes(Table file, Settings outer) {
    for (Table table : file.tables(VOLUME)) {
      Volume volume = volume(table, outer);
      if (volume == null) {
        continue;
      }
      Volume former = volumes.putIfAbsent(volume.name(), volume);
      if (former != null) {
        problem(volume.at(), "volume " + volume.name() + " is there already, in " + former.at());
      }
    }
  }

  private @Nullable Volume volume(Table table, Settings outer) {
    List<Setting> own = table.settings(List.of(Key.Scope.VOLUME), List.of(STANDBY));
    Settings settings = outer.within(own);
    Endpoint source = endpoint(table, settings, Key.SOURCE);
    List<Standby> standbys = new ArrayList<>();
    List<Table> tables = table.tables(STANDBY);
    for (Table each : tables) {
      Settings inner = settings.within(each.settings(List.of(Key.Scope.STANDBY), List.of()));
      Endpoint target = endpoint(each, inner, Key.TARGET);
      if (target != null) {
        standbys.add(new Standby(each.name(), target, inner, each.begin));
      }
    }
    if (tables.isEmpty() && !settings.isTrue(Key.TRACK)) {
      problem(
          table.begin,
          "volume %s has no standby: standby.NAME.target says where one is"
              .formatted(table.name()));
    }
    return source == null
        ? null
        : new Volume(table.name(), source, settings, standbys, table.begin);
  }

  private @Nullable Endpoint endpoint(Table table, Settings settings, Key key) {
    Setting setting = settings.find(key);
    if (setting == null) {
      if (!table.toml.contains(List.of(key.label()))) {
        problem(table.begin, table.title() + " has no " + key.label());
      }
      return null;
    }
    try {
      Endpoint endpoint = Endpoint.parse(setting.text());
      if (endpoint instanceof Endpoint.Local local && !isPlain(local.path(), key)) {
        problem(setting.at(), key.label() + " is a path that begins with /, or HOST:PATH");
      }
      return endpoint;
    } catch (Failure e) {
      problem(setting.at(), key.label() + ": " + e.getMessage());
      return null;
    }
  }

  /** What is relative would depend on where the program is started. */
  private static boolean isPlain(Path path, Key key) {
    return path.isAbsolute() || (key == Key.SOURCE && SourceSnapshots.isUuid(path));
  }

  /** A table of a file, with the names of those around it. */
  private final class Table {
    private final String file;
    private final TomlTable toml;
    private final Position begin;
    private final List<String> path;

    Table(String file, TomlTable toml, Position begin) {
      this(file, toml, begin, List.of());
    }

    Table(String file, TomlTable toml, Position begin, List<String> path) {
      this.file = file;
      this.toml = toml;
      this.begin = begin;
      this.path = path;
    }

    String name() {
      return path.get(path.size() - 1);
    }

    String title() {
      return "[" + String.join(".", path) + "]";
    }

    Position position(String key) {
      TomlPosition position = toml.inputPositionOf(List.of(key));
      return position == null ? begin : new Position(file, position.line());
    }

    /** The tables {@code [key.NAME]} within this one. */
    List<Table> tables(String key) {
      Object value = toml.get(List.of(key));
      if (value == null) {
        return List.of();
      }
      List<String> outer = append(path, key);
      if (!(value instanceof TomlTable all)) {
        problem(position(key), "[%s.NAME] is a table".formatted(String.join(".", outer)));
        return List.of();
      }
      Table parent = new Table(file, all, position(key), outer);
      List<Table> tables = new ArrayList<>();
      for (String name : all.keySet()) {
        Position at = parent.position(name);
        if (!NAME.matcher(name).matches()) {
          problem(at, "'" + name + "' is no name: 1 to 64 of A-Z a-z 0-9 . _ -, the first no sign");
        } else if (all.get(List.of(name)) instanceof TomlTable table) {
          tables.add(new Table(file, table, at, append(outer, name)));
        } else {
          problem(
              at,
              "%s is a name and needs a table, [%s]"
                  .formatted(name, String.join(".", append(outer, name))));
        }
      }
      return tables;
    }

    private static List<String> append(List<String> path, String name) {
      List<String> longer = new ArrayList<>(path);
      longer.add(name);
      return longer;
    }

    /**
     * The settings that stand here.
     *
     * @param scopes of keys that may, beside those that may stand anywhere
     * @param others words that are no settings
     */
    List<Setting> settings(List<Key.Scope> scopes, List<String> others) {
      List<Setting> settings = new ArrayList<>();
      for (String label : toml.keySet()) {
        if (others.contains(label)) {
          continue;
        }
        Key key = Key.labelled(label).orElse(null);
        if (key == null) {
          problem(position(label), "there is no key " + label);
        } else if (!key.scope().isInherited() && !scopes.contains(key.scope())) {
          problem(position(label), label + " stands " + key.scope().place());
        } else {
          add(key, settings);
        }
      }
      return settings;
    }

    private void add(Key key, List<Setting> settings) {
      Position at = position(key.label());
      Object value = toml.get(List.of(key.label()));
      if (value == null || !key.kind().accepts(value)) {
        problem(at, key.label() + " takes " + key.kind().wanted() + ", not " + kind(value));
        return;
      }
      Setting setting = new Setting(key, value.toString(), at);
      if (key == Key.EVERY) {
        check(setting);
      }
      settings.add(setting);
    }

    private void check(Setting every) {
      try {
        Period.parse(every.key().label(), every.text());
      } catch (Failure e) {
        problem(every.at(), String.valueOf(e.getMessage()));
      }
    }

    private static String kind(@Nullable Object value) {
      if (value instanceof String) {
        return "a string";
      }
      if (value instanceof Long) {
        return "an integer";
      }
      if (value instanceof Boolean) {
        return "true or false";
      }
      return value instanceof TomlTable ? "a table" : "what is there";
    }
  }
}
