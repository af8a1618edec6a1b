/**
 * The page of {@code report}: HTML with drawings in SVG, in one file that asks no network for
 * anything. What names and messages say goes through {@link snapferry.html.Markup}, which escapes
 * all of it; nothing here knows of files.
 */
@org.jspecify.annotations.NullMarked
package snapferry.html;
