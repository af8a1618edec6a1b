package snapferry.cli;

import picocli.CommandLine.Model.CommandSpec;

/**
 * A part of what a command understands: it is described to picocli, and holds what was typed.
 *
 * <p>By calls and not by picocli's annotations: the JVM reads an annotation through a proxy class
 * that it writes at every start, and that took a tenth of a run that finds nothing changed.
 */
sealed interface Argument permits Flag, Operand, Operands, Option, OptionGroup {
  /** Makes it a part of a command. */
  void addTo(CommandSpec command);
}
