package snapferry.html;

import java.util.Locale;
import snapferry.codec.Amount;

/**
 * A {@link HeatMap}: above, how often each part of the volume changed; below, when.
 *
 * <pre>
 *            0 B                                   volume                                     1 TiB
 *  how often    ▂▂   █ ▁           ▃▃
 *  1 Mar        ░░   ▓             ░
 *  2 Mar             ▓ ░           ░░       a row for each slot of time; the darker, the more
 *    …
 * </pre>
 */
final class HeatMapDrawing {
  private static final int LEFT = 96;
  private static final int TOP = 20;
  private static final int SKYLINE = 56;
  private static final int GAP = 12;
  private static final int ROW = 7;
  private static final int QUARTERS = 4;
  private static final int LABELS = 6;

  /** From which share of a part on a cell is darker. */
  private static final double[] SHADES = {0, 0.001, 0.01, 0.1, 0.5};

  private final Markup page;
  private final HeatMap map;
  private final double step;
  private final int rows;
  private final int bottom;

  private HeatMapDrawing(Markup page, HeatMap map) {
    this.page = page;
    this.map = map;
    this.step = (double) (Svg.WIDTH - LEFT) / map.parts();
    this.rows = map.axis().slots();
    this.bottom = TOP + SKYLINE + GAP + rows * ROW;
  }

  /** Draws {@code map}; {@code name} is what it is of. */
  static void draw(Markup page, HeatMap map, String name) {
    new HeatMapDrawing(page, map).draw(name);
  }

  private void draw(String name) {
    page.open("figure");
    Svg.open(page, bottom + 6, "Map of " + name + ": where and how often it changes");
    offsets();
    skyline();
    rows();
    page.close().line();
    page.open("figcaption")
        .text("From left to right the volume, in parts of ")
        .text(Amount.bytes(map.size() / map.parts()))
        .text("; above how often each part changed in ")
        .text(Amount.count(map.epochs(), "epoch"))
        .text(", below when (rows of ")
        .text(Svg.length(map.axis().slot()))
        .text("): ");
    legend();
    page.close().close().line();
  }

  private void legend() {
    String[] words = {"a trace", "from 0.1 %", "1 %", "10 %", "half of the part"};
    for (int shade = 0; shade < SHADES.length; shade++) {
      page.open("span", "class", "key");
      page.open("svg", "viewBox", "0 0 10 10", "aria-hidden", "true")
          .shape("rect", "class", "fill" + shade, "width", "10", "height", "10", "rx", "2")
          .close();
      page.text(words[shade]).close();
    }
  }

  private void offsets() {
    for (int quarter = 0; quarter <= QUARTERS; quarter++) {
      double x = LEFT + (double) (Svg.WIDTH - LEFT) * quarter / QUARTERS;
      String style = quarter == 0 ? "dim" : quarter == QUARTERS ? "end dim" : "middle dim";
      page.shape(
          "path", "class", "tick", "d", "M%s %dV%d".formatted(Svg.number(x), TOP - 4, bottom));
      Svg.label(
          page, x, TOP - 8, style, Amount.bytes((long) ((double) map.size() * quarter / QUARTERS)));
    }
  }

  /** Neighbours that are alike are one bar. */
  private void skyline() {
    int base = TOP + SKYLINE;
    Svg.label(page, LEFT - 12, TOP + SKYLINE / 2.0, "end", "how often");
    Svg.rule(page, LEFT, base, Svg.WIDTH);
    int from = 0;
    while (from < map.parts()) {
      int to = from + 1;
      while (to < map.parts() && map.changes(to) == map.changes(from)) {
        to++;
      }
      if (map.changes(from) > 0) {
        double high = Math.max(2, (double) SKYLINE * map.changes(from) / map.epochs());
        page.open(
                "rect",
                "class",
                "often",
                "x",
                Svg.number(LEFT + from * step),
                "y",
                Svg.number(base - high),
                "width",
                Svg.number((to - from) * step),
                "height",
                Svg.number(high))
            .element("title", range(from, to) + ": " + often(map.changes(from)))
            .close();
      }
      from = to;
    }
  }

  private String often(int changes) {
    return "changed in %s of %s (%s)"
        .formatted(
            Amount.count(changes),
            Amount.count(map.epochs(), "epoch"),
            percent((double) changes / map.epochs()));
  }

  private String range(int from, int to) {
    return Amount.bytes(map.offset(from)) + " – " + Amount.bytes(map.offset(to));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * share);
  }

  private void rows() {
    int top = TOP + SKYLINE + GAP;
    for (int tick : map.axis().ticks(LABELS)) {
      Svg.label(page, LEFT - 12, top + tick * ROW + ROW, "end dim", map.axis().tick(tick));
    }
    for (int row = 0; row < rows; row++) {
      int y = top + row * ROW;
      if (map.epochs(row) > 0) {
        row(row, y);
      }
    }
  }

  /** A row is a line for each shade, of as many pieces as it takes. */
  private void row(int row, int y) {
    page.shape(
        "path",
        "class",
        "epoch",
        "d",
        "M%d %sH%d".formatted(LEFT, Svg.number(y + ROW / 2.0), Svg.WIDTH));
    StringBuilder[] lines = new StringBuilder[SHADES.length];
    int touched = 0;
    int from = 0;
    while (from < map.parts()) {
      int shade = shade(row, from);
      int to = from + 1;
      while (to < map.parts() && shade(row, to) == shade) {
        to++;
      }
      if (shade >= 0) {
        touched += to - from;
        StringBuilder line = lines[shade] == null ? new StringBuilder() : lines[shade];
        lines[shade] = line;
        line.append('M').append(Svg.number(LEFT + from * step)).append(' ');
        line.append(Svg.number(y + ROW / 2.0)).append('h').append(Svg.number((to - from) * step));
      }
      from = to;
    }
    for (int shade = 0; shade < SHADES.length; shade++) {
      if (lines[shade] != null) {
        page.shape("path", "class", "heat" + shade, "d", lines[shade].toString());
      }
    }
    page.open(
            "rect",
            "class",
            "hit",
            "x",
            Integer.toString(LEFT),
            "y",
            Integer.toString(y),
            "width",
            Integer.toString(Svg.WIDTH - LEFT),
            "height",
            Integer.toString(ROW))
        .element(
            "title",
            map.axis().label(row)
                + ": "
                + Amount.count(map.epochs(row), "epoch")
                + ", changes in "
                + percent((double) touched / map.parts())
                + " of the parts")
        .close()
        .line();
  }

  /** How dark a cell is; -1 if nothing changed. */
  private int shade(int row, int part) {
    double share = map.share(row, part);
    if (share == 0) {
      return -1;
    }
    int shade = SHADES.length - 1;
    while (share < SHADES[shade]) {
      shade--;
    }
    return shade;
  }
}
