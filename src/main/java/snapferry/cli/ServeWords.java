package snapferry.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arguments for the {@code serve} of the far end: what was typed here, as it was typed. What was
 * not is left to the far end, whose defaults are the same.
 */
final class ServeWords {
  private final List<String> words = new ArrayList<>();

  /**
   * Passes on an option.
   *
   * @param value null if it was not typed
   */
  ServeWords add(String option, @Nullable String value) {
    if (value != null) {
      words.add(option + "=" + value);
    }
    return this;
  }

  List<String> list() {
    return List.copyOf(words);
  }
}
