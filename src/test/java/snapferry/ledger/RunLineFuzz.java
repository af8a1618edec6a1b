package snapferry.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.NullMarked;

/**
 * Fuzz target: a line of the run log. It is none, or a record that stays what it is when it is
 * written again.
 */
@NullMarked
public final class RunLineFuzz {
  private RunLineFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    RunRecord record = RunLine.decode(new String(input, UTF_8));
    if (record == null) {
      return;
    }
    String line = RunLine.encode(record);
    RunRecord again = RunLine.decode(line);
    if (again == null ? line.length() <= RunLine.MAX_LENGTH : !RunLine.encode(again).equals(line)) {
      throw new AssertionError("written again it is " + again + ", not " + record);
    }
  }
}
