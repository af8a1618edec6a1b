/**
 * Tracks which regions of a volume are written to, so that a run reads only those; and shows the
 * volume as it was at one moment while it is written to. The formats are those of {@code
 * dirty-map.md}.
 */
@org.jspecify.annotations.NullMarked
package snapferry.track;
