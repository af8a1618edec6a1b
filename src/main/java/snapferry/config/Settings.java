package snapferry.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of one table, over those that it inherits. A value. */
public final class Settings {
  /** None. */
  public static final Settings NONE = new Settings(new EnumMap<>(Key.class));

  private final Map<Key, Setting> byKey;

  private Settings(Map<Key, Setting> byKey) {
    this.byKey = byKey;
  }

  /** These, of a table without others around it. */
  static Settings of(List<Setting> settings) {
    return NONE.within(settings);
  }

  /** What holds in a table within this one that has {@code own} settings. */
  Settings within(List<Setting> own) {
    Map<Key, Setting> merged = new EnumMap<>(Key.class);
    byKey.forEach(
        (key, setting) -> {
          if (key.scope().isInherited()) {
            merged.put(key, setting);
          }
        });
    own.forEach(setting -> merged.put(setting.key(), setting));
    return new Settings(merged);
  }

  /** The setting, or null if nothing is said. */
  public @Nullable Setting find(Key key) {
    return byKey.get(key);
  }

  /** The text of a setting, or null if nothing is said. */
  public @Nullable String text(Key key) {
    Setting setting = byKey.get(key);
    return setting == null ? null : setting.text();
  }

  /** Whether a flag is set. */
  public boolean isTrue(Key key) {
    Setting setting = byKey.get(key);
    return setting != null && setting.isTrue();
  }

  /** All of a scope, in the order of {@link Key}. */
  public List<Setting> of(Key.Scope scope) {
    List<Setting> all = new ArrayList<>();
    byKey.forEach(
        (key, setting) -> {
          if (key.scope() == scope) {
            all.add(setting);
          }
        });
    return all;
  }
}
