/**
 * Change sources: what narrows the reading of a volume. They only save reading and are never
 * trusted further.
 */
@org.jspecify.annotations.NullMarked
package snapferry.change;
