package snapferry.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A word that follows the options. */
final class Operand implements Argument {
  private final PositionalParamSpec spec;

  private Operand(Class<?> type, int index, boolean required, String label, String description) {
    spec =
        PositionalParamSpec.builder()
            .index(Integer.toString(index))
            .arity(required ? "1" : "0..1")
            .required(required)
            .type(type)
            .initialValue(null)
            .paramLabel(label)
            .description(description)
            .build();
  }

  /**
   * One that must be given.
   *
   * @param index how many come before it
   * @param label what it is called
   * @param description what it is
   */
  static Operand required(int index, String label, String description) {
    return new Operand(String.class, index, true, label, description);
  }

  /** One that may be left out. */
  static Operand optional(int index, String label, String description) {
    return new Operand(String.class, index, false, label, description);
  }

  /** One that may be left out, and is a file or a directory: shells complete it. */
  static Operand optionalPath(int index, String label, String description) {
    return new Operand(Path.class, index, false, label, description);
  }

  /** One that must be given, and is a file or a directory. */
  static Operand requiredPath(int index, String label, String description) {
    return new Operand(Path.class, index, true, label, description);
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addPositional(spec);
  }

  /** What was typed; null if it was left out. */
  @Nullable String text() {
    @Nullable Object typed = spec.getValue();
    return typed == null ? null : typed.toString();
  }

  /** What was typed, of one that must be given. */
  String value() {
    return Objects.requireNonNull(text());
  }
}
