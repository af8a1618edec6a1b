package snapferry.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** An option that is given or not. */
final class Flag implements Argument {
  private final OptionSpec spec;
  private boolean configured;

  /**
   * @param names as {@code -n, --dry-run}
   * @param description what it is for
   */
  Flag(String names, String description) {
    spec =
        OptionSpec.builder(Option.split(names))
            .type(boolean.class)
            .initialValue(false)
            .description(description)
            .build();
  }

  @Override
  public void addTo(CommandSpec command) {
    command.addOption(spec);
  }

  /** Counts as given, too, if a configuration says so. */
  void configure(boolean asked) {
    configured |= asked;
  }

  boolean isGiven() {
    return configured || Boolean.TRUE.equals(spec.getValue());
  }
}
