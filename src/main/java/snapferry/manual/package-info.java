/**
 * The manual: pages of the documentation, of which a part travels with the program, as text for a
 * terminal and as pages for man(1); and what shells know of the command line.
 */
@org.jspecify.annotations.NullMarked
package snapferry.manual;
