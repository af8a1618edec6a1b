package snapferry.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Words of a command line: taken apart as rsync does it, and made safe for the remote shell. */
public final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
  private static final String HOME = "~/";

  private ShellWords() {}

  /**
   * Splits at blanks. Single or double quotes keep blanks together, and the same quote twice within
   * them stands for itself; there are no backslashes and no variables.
   *
   * @param what the option that holds {@code text}, for messages
   * @throws Failure {@link ExitCode#USAGE} if a quote is not closed or there is no word
   */
  public static List<String> split(String what, String text) throws Failure {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean begun = false;
    char quote = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quote != 0 && c == quote) {
        if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
          word.append(c);
          at++;
        } else {
          quote = 0;
        }
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
        begun = true;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (begun) {
          words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (quote != 0) {
      throw new Failure(ExitCode.USAGE, what + " has a quote that is not closed: " + text);
    }
    if (begun) {
      words.add(word.toString());
    }
    if (words.isEmpty()) {
      throw new Failure(ExitCode.USAGE, what + " is empty");
    }
    return List.copyOf(words);
  }

  /**
   * The word as the remote shell must see it to pass it on unchanged: in single quotes unless it is
   * harmless. A leading {@code ~/} stays outside, so that it means the home directory there.
   */
  public static String quote(String word) {
    if (PLAIN.matcher(word).matches()) {
      return word;
    }
    if (word.startsWith(HOME)) {
      String rest = word.substring(HOME.length());
      return rest.isEmpty() ? HOME : HOME + quote(rest);
    }
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
