/**
 * The command line: commands, exit codes, output. The only place that prints and that ends the
 * process.
 *
 * <p>The progress line is our own: a library for it brings a terminal library along, which costs
 * more start-up time than a short run takes. Nothing on the way to {@code serve} loads picocli or
 * Jackson, for the same reason.
 */
@org.jspecify.annotations.NullMarked
package snapferry.cli;
