package snapferry.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** An option with a value. */
final class Option implements Argument {
  private static final Pattern BETWEEN = Pattern.compile(", ");

  private final OptionSpec spec;
  private @Nullable String configured;

  private Option(OptionSpec spec) {
    this.spec = spec;
  }

  /**
   * One that may be left out.
   *
   * @param names as {@code -e, --rsh}
   * @param value what its value is called
   * @param description what it is for
   */
  static Option of(String names, String value, String description) {
    return new Option(builder(names, value, description).build());
  }

  /** One that may be left out, and whose value is a file or a directory: shells complete it. */
  static Option path(String names, String value, String description) {
    return new Option(builder(names, value, description).type(Path.class).build());
  }

  /** One that is {@code usual} where it is left out; the description has it as a variable. */
  static Option withDefault(String usual, String names, String value, String description) {
    return new Option(builder(names, value, description).defaultValue(usual).build());
  }

  /** One that must be given. */
  static Option required(String names, String value, String description) {
    return new Option(builder(names, value, description).required(true).build());
  }

  private static OptionSpec.Builder builder(String names, String value, String description) {
    return OptionSpec.builder(split(names))
        .type(String.class)
        .arity("1")
        .initialValue(null)
        .paramLabel(value)
        .description(description);
  }

  /** The names in {@code -e, --rsh}. */
  static String[] split(String names) {
    return BETWEEN.split(names);
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addOption(spec);
  }

  /** What it is where nothing is typed, as a configuration has it; null for nothing. */
  void configure(@Nullable String text) {
    configured = text;
  }

  /** What it is; null if it was left out. */
  @Nullable String text() {
    @Nullable Object typed = spec.getValue();
    return typed == null ? configured : typed.toString();
  }

  /** What it is, where it has a default or must be given. */
  String value() {
    return Objects.requireNonNull(text());
  }
}
