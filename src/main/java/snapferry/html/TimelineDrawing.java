package snapferry.html;

import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import snapferry.codec.Amount;
import snapferry.html.Timeline.Slot;

/**
 * A {@link Timeline} as three rows of bars and a row of marks: what was read, what was sent, how
 * long it took, and whether it went well.
 */
final class TimelineDrawing {
  private static final int LEFT = 96;
  private static final int ROW = 56;
  private static final int GAP = 18;
  private static final int MARKS = 18;
  private static final int AXIS = 22;
  private static final int TOP = 14;
  private static final int TICKS = 8;
  private static final double MILLIS = 1000;

  /** A row of bars. */
  private record Bars(
      String name, String style, ToLongFunction<Slot> value, LongFunction<String> words) {}

  private static final List<Bars> ROWS =
      List.of(
          new Bars("read", "read", Slot::read, Amount::bytes),
          new Bars("sent", "sent", Slot::sent, Amount::bytes),
          new Bars(
              "longest run", "took", Slot::longest, millis -> Amount.seconds(millis / MILLIS)));

  private final Markup page;
  private final Timeline timeline;
  private final TimeAxis axis;
  private final double step;
  private final int height;
  private boolean cut;

  private TimelineDrawing(Markup page, Timeline timeline) {
    this.page = page;
    this.timeline = timeline;
    this.axis = timeline.axis();
    this.step = (double) (Svg.WIDTH - LEFT) / axis.slots();
    this.height = TOP + ROWS.size() * (ROW + GAP) + MARKS + AXIS;
  }

  /** Draws {@code timeline}; {@code name} is what it is of. */
  static void draw(Markup page, Timeline timeline, String name) {
    new TimelineDrawing(page, timeline).draw(name);
  }

  private void draw(String name) {
    page.open("figure");
    Svg.open(page, height, "Runs of " + name + ": bytes read and sent, seconds, results");
    for (int row = 0; row < ROWS.size(); row++) {
      row(ROWS.get(row), TOP + row * (ROW + GAP));
    }
    marks(TOP + ROWS.size() * (ROW + GAP));
    ticks();
    columns();
    page.close().line();
    page.element(
        "figcaption",
        "Each column is "
            + Svg.length(axis.slot())
            + ", in UTC."
            + (cut ? " Bars with a gap near the top are far higher than drawn." : ""));
    page.close().line();
  }

  private void row(Bars bars, int top) {
    BarScale scale = BarScale.of(timeline.slots().stream().mapToLong(bars.value()).toArray());
    int bottom = top + ROW;
    Svg.label(page, LEFT - 12, top + ROW / 2.0 + 1, "end", bars.name());
    boolean any = timeline.slots().stream().anyMatch(slot -> bars.value().applyAsLong(slot) > 0);
    Svg.label(
        page,
        LEFT - 12,
        top + ROW / 2.0 + 16,
        "end dim",
        any ? "to " + bars.words().apply(scale.top()) : "none");
    Svg.rule(page, LEFT, bottom, Svg.WIDTH);
    page.open("g", "class", bars.style());
    for (int i = 0; i < axis.slots(); i++) {
      long value = bars.value().applyAsLong(timeline.slots().get(i));
      if (value > 0) {
        double high = Math.max(1.5, scale.height(value) * ROW);
        bar(i, bottom - high, high);
        if (scale.isCut(value)) {
          cut = true;
          gap(i, top + 8);
        }
      }
    }
    page.close();
  }

  private void bar(int slot, double y, double high) {
    page.shape(
        "rect",
        "x",
        Svg.number(LEFT + slot * step + step * 0.12),
        "y",
        Svg.number(y),
        "width",
        Svg.number(step * 0.76),
        "height",
        Svg.number(high),
        "rx",
        "1");
  }

  private void gap(int slot, double y) {
    page.shape(
        "rect",
        "class",
        "gap",
        "x",
        Svg.number(LEFT + slot * step),
        "y",
        Svg.number(y),
        "width",
        Svg.number(step),
        "height",
        "3");
  }

  /** A dot for what went well, a cross for what did not: told apart without colour, too. */
  private void marks(int top) {
    Svg.label(page, LEFT - 12, top + 9, "end", "result");
    double size = Math.min(6, step * 0.76);
    double y = top + 5;
    for (int i = 0; i < axis.slots(); i++) {
      Slot slot = timeline.slots().get(i);
      double x = LEFT + (i + 0.5) * step;
      if (slot.failed() > 0) {
        double arm = size / 2 + 0.5;
        page.shape(
            "path",
            "class",
            "cross",
            "d",
            "M%s %sl%3$s %3$sm0 -%3$sl-%3$s %3$s"
                .formatted(Svg.number(x - arm), Svg.number(y - arm), Svg.number(2 * arm)));
      } else if (slot.runs() > 0) {
        page.shape(
            "circle",
            "class",
            "dot",
            "cx",
            Svg.number(x),
            "cy",
            Svg.number(y),
            "r",
            Svg.number(size / 2));
      }
    }
  }

  private void ticks() {
    int y = height - AXIS + 14;
    for (int tick : axis.ticks(TICKS)) {
      double x = LEFT + tick * step;
      page.shape(
          "path", "class", "tick", "d", "M%s %dV%d".formatted(Svg.number(x), TOP, height - AXIS));
      Svg.label(page, x, y, "middle dim", axis.tick(tick));
    }
  }

  /** Whoever points at a column is told its numbers. */
  private void columns() {
    for (int i = 0; i < axis.slots(); i++) {
      Slot slot = timeline.slots().get(i);
      if (slot.runs() == 0) {
        continue;
      }
      page.open(
              "rect",
              "class",
              "hit",
              "x",
              Svg.number(LEFT + i * step),
              "y",
              Integer.toString(TOP),
              "width",
              Svg.number(step),
              "height",
              Integer.toString(height - AXIS - TOP))
          .element("title", words(i, slot))
          .close();
    }
  }

  private String words(int index, Slot slot) {
    StringBuilder words = new StringBuilder(axis.label(index));
    words.append(": ").append(Amount.count(slot.runs(), "run"));
    if (slot.failed() > 0) {
      words.append(", ").append(Amount.count(slot.failed())).append(" failed");
    }
    if (slot.firstEpoch() > 0) {
      boolean one = slot.firstEpoch() == slot.lastEpoch();
      words.append(one ? "; epoch " : "; epochs ").append(slot.firstEpoch());
      words.append(one ? "" : " to " + slot.lastEpoch());
      words.append("; read ").append(Amount.bytes(slot.read()));
      words.append(", sent ").append(Amount.bytes(slot.sent()));
    }
    return words.append("; longest ").append(Amount.seconds(slot.longest() / MILLIS)).toString();
  }
}
