package snapferry.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** All words that follow the options. */
final class Operands implements Argument {
  private final PositionalParamSpec spec;

  /**
   * @param least how many there must be
   * @param label what each is called
   * @param description what they are
   */
  Operands(int least, String label, String description) {
    this(least, label, description, null);
  }

  /**
   * @param candidates what a shell may complete them to; null for nothing
   */
  Operands(int least, String label, String description, @Nullable Iterable<String> candidates) {
    spec =
        PositionalParamSpec.builder()
            .index("0..*")
            .arity(least + "..*")
            .required(least > 0)
            .type(String[].class)
            .initialValue(null)
            .paramLabel(label)
            .completionCandidates(candidates)
            .description(description)
            .build();
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addPositional(spec);
  }

  List<String> values() {
    String @Nullable [] typed = spec.getValue();
    return typed == null ? List.of() : List.of(typed);
  }
}
