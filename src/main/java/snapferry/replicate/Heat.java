package snapferry.replicate;

import java.util.regex.Pattern;

/**
 * Where in its volume an epoch changed something, and how much: the volume in equal parts, {@link
 * #MAX_PARTS} or as many as it has blocks, a character each.
 *
 * <pre>
 *  0          nothing changed there
 *  1 to 9     how many binary digits the number of changed pages (4096 bytes) has; a block that
 *  a to z     changed counts as a whole. a is 10, z is 35 or more
 * </pre>
 *
 * <p>So it has the same few bytes for a volume of any size, and people can read it.
 *
 * @param levels at least one character
 */
public record Heat(String levels) {
  /** Most parts of a volume. */
  public static final int MAX_PARTS = 256;

  /** The highest level. */
  public static final int MAX_LEVEL = Character.MAX_RADIX - 1;

  private static final Pattern LEVELS = Pattern.compile("[0-9a-z]{1," + MAX_PARTS + "}");

  public Heat {
    if (!LEVELS.matcher(levels).matches()) {
      throw new IllegalArgumentException("no levels of heat: 1 to " + MAX_PARTS + " of [0-9a-z]");
    }
  }

  /** How many parts the volume was cut into. */
  public int parts() {
    return levels.length();
  }

  /** How much changed in {@code part}: 0 for nothing, up to {@link #MAX_LEVEL}. */
  public int level(int part) {
    return Character.digit(levels.charAt(part), Character.MAX_RADIX);
  }
}
