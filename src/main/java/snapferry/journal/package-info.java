/**
 * The epoch that is on its way and the epoch that is there: journal, manifest, and what recovery
 * decides from them. The formats are specified in {@code journal.md}.
 */
@org.jspecify.annotations.NullMarked
package snapferry.journal;
