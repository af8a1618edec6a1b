package snapferry.process;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** How a run ended and what it said. */
@NullMarked
record Outcome(int exit, String out, String err) {
  /** A number from the last event of {@code --json}, the summary. */
  long summary(String field) {
    String last = out.strip().substring(out.strip().lastIndexOf('\n') + 1);
    Matcher matcher = Pattern.compile('"' + field + "\":(\\d+)").matcher(last);
    if (!matcher.find()) {
      throw new AssertionError("no " + field + " in " + this);
    }
    return Long.parseLong(matcher.group(1));
  }
}
