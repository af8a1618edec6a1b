package snapferry.ssh;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import snapferry.codec.Printable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.VolumeName;

/**
 * One end of a replication, as people write it. The rules are rsync's: {@code [USER@]HOST:PATH} is
 * on another host, everything else is here, and so is what has a slash before its first colon
 * ({@code ./a:b}). An IPv6 address stands in brackets.
 */
public sealed interface Endpoint {
  /** A file or device of this host. */
  record Local(Path path) implements Endpoint {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * A volume of another host.
   *
   * @param destination {@code HOST} or {@code USER@HOST}, without the brackets of an IPv6 address;
   *     never one that a remote shell would take for an option
   * @param path not empty; what it is relative to, and whether it is a path at all, the host
   *     decides
   */
  record Remote(String destination, String path) implements Endpoint {
    /** The name to ask for on the wire, where no path travels; empty when this is a path. */
    public String volumeName() {
      return VolumeName.isValid(path) ? path : "";
    }

    @Override
    public String toString() {
      return destination + ":" + path;
    }
  }

  /** Control characters have no place in a name, and would reach a terminal or a remote shell. */
  Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /**
   * Parses {@code text}.
   *
   * @throws Failure {@link ExitCode#USAGE} if it names nothing, or something dangerous
   */
  static Endpoint parse(String text) throws Failure {
    if (text.isEmpty()) {
      throw refusal(text, "names no volume");
    }
    if (CONTROL.matcher(text).find()) {
      throw refusal(text, "holds control characters");
    }
    int afterBrackets = text.indexOf('[') < 0 ? 0 : Math.max(0, closingBracket(text));
    int colon = text.indexOf(':', afterBrackets);
    int slash = text.indexOf('/');
    if (colon < 0 || (slash >= 0 && slash < colon)) {
      return local(text);
    }
    return remote(text, text.substring(0, colon), text.substring(colon + 1));
  }

  /**
   * Where the brackets around the host of {@code [USER@][HOST]:PATH} close; -1 if there are none.
   */
  private static int closingBracket(String text) {
    int open = text.indexOf('[');
    boolean beginsHost = open == 0 || text.charAt(open - 1) == '@';
    int close = text.indexOf("]:", open);
    return beginsHost ? close : -1;
  }

  private static Endpoint local(String text) throws Failure {
    try {
      return new Local(Path.of(text));
    } catch (InvalidPathException e) {
      throw refusal(text, "is no path here (" + e.getReason() + ")");
    }
  }

  private static Endpoint remote(String text, String before, String path) throws Failure {
    int at = before.lastIndexOf('@');
    String user = before.substring(0, Math.max(0, at));
    String host = before.substring(at + 1);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty() || at == 0) {
      throw refusal(text, "has a colon but no host before it; for a file of this name: ./" + text);
    }
    if (host.startsWith("-") || user.startsWith("-")) {
      throw refusal(text, "begins with a hyphen, as only options do");
    }
    if (path.startsWith(":")) {
      throw refusal(text, "asks for a daemon, which there is none: one colon is enough");
    }
    if (path.isEmpty()) {
      throw refusal(text, "names no volume after the host");
    }
    return new Remote(user.isEmpty() ? host : user + "@" + host, path);
  }

  private static Failure refusal(String text, String why) {
    return new Failure(ExitCode.USAGE, "'" + Printable.escape(text) + "' " + why);
  }
}
