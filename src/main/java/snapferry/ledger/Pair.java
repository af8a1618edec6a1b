package snapferry.ledger;

import java.util.regex.Pattern;

/**
 * A volume and one of its standbys, by the names of the configuration.
 *
 * @param volume 1 to 64 of {@code [A-Za-z0-9._-]}
 * @param standby likewise
 */
public record Pair(String volume, String standby) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public Pair {
    if (!NAME.matcher(volume).matches() || !NAME.matcher(standby).matches()) {
      throw new IllegalArgumentException("a name is 1 to 64 of [A-Za-z0-9._-]");
    }
  }

  @Override
  public String toString() {
    return volume + "/" + standby;
  }
}
