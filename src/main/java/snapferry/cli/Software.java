package snapferry.cli;

import java.util.Objects;

/** What this program is called, and which version of it this is. */
final class Software {
  private Software() {}

  /** As in {@code snapferry 1.2.3}: for the other end and for people. */
  static String nameAndVersion() {
    String version = Software.class.getPackage().getImplementationVersion();
    return "snapferry " + Objects.requireNonNullElse(version, "(development)");
  }
}
