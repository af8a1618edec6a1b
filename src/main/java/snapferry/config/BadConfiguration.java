package snapferry.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be used. All of its mistakes, so that one look at it mends them. */
public final class BadConfiguration extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * @param problems at least one
   */
  public BadConfiguration(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, in the order of the files and of their lines. */
  public List<Problem> problems() {
    return problems;
  }
}
