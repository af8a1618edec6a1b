package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.manual.Block;
import snapferry.manual.Markdown;

/**
 * The tours of the documentation, one after the other, as somebody would go through them who has
 * installed the package: each command is run, and prints what is shown.
 */
@NullMarked
class TourIT {
  private static final Path PAGES =
      Path.of(Objects.requireNonNull(System.getProperty("snapferry.basedir")), "src/site/markdown");

  /** Hosts of the tours, which are one here. */
  private static final Pattern PROMPT = Pattern.compile("(primary|standby)# (.*)");

  /** Stands for lines that are not shown. */
  private static final String AND_SO_ON = "…";

  private static final int FIELDS_OF_TIME_AND_USER = 6;

  @TempDir private Path directory;

  @Test
  void eachCommandPrintsWhatIsShown() throws Exception {
    assumeTrue(SshServer.program() != null, "openssh-server is not installed");
    assumeTrue(Files.exists(Path.of("/usr/bin/systemctl")), "systemctl is not installed");
    assumeTrue(CleanRoot.hasPackagedJava(), "Java was not installed by dpkg");
    Path packed = CleanRoot.packed();
    try (CleanRoot root = CleanRoot.open(directory, packed)) {
      root.need("dpkg --install /root/*.deb");
      root.serveSsh(freePort(), "primary", "standby");
      root.need("mkdir /backup");
      for (String tour : List.of("tour-seed", "tour-cron", "tour-standby")) {
        String page = Files.readString(PAGES.resolve(tour + ".md"));
        int commands = 0;
        for (Block block : Markdown.read(page)) {
          if (block instanceof Block.Code code) {
            commands += go(root, code);
          }
        }
        assertThat(commands).as(tour).isGreaterThan(5);
      }
    }
  }

  /** Does what a block says; gives the number of commands in it. */
  private static int go(CleanRoot root, Block.Code code) throws IOException {
    List<String> lines = code.lines();
    switch (code.language()) {
      case "console" -> {
        return type(root, lines);
      }
      case "toml" -> root.write(lines.get(0).replaceFirst("# ", ""), lines);
      case "cron" -> {
        root.write(lines.get(0).replaceFirst("# ", ""), lines);
        for (String line : lines.subList(1, lines.size())) {
          String command = line.split(" +", FIELDS_OF_TIME_AND_USER + 1)[FIELDS_OF_TIME_AND_USER];
          String asCron = "env -i SHELL=/bin/sh HOME=/root PATH=/usr/bin:/bin sh -c '%s'";
          assertThat(root.need(asCron.formatted(command))).as(command).isEmpty();
        }
      }
      default -> throw new AssertionError("what is a block of '" + code.language() + "'?");
    }
    return 0;
  }

  /** Types the commands of a console, and compares what they print. */
  private static int type(CleanRoot root, List<String> lines) throws IOException {
    int commands = 0;
    for (int i = 0; i < lines.size(); ) {
      Matcher prompt = PROMPT.matcher(lines.get(i++));
      assertThat(prompt.matches()).as(lines.get(i - 1)).isTrue();
      List<String> shown = new ArrayList<>();
      while (i < lines.size() && !PROMPT.matcher(lines.get(i)).matches()) {
        shown.add(lines.get(i++));
      }
      String command = prompt.group(2);
      List<String> printed = root.need(command).lines().toList();
      commands++;
      boolean all = shown.isEmpty() || !shown.get(shown.size() - 1).equals(AND_SO_ON);
      if (!all) {
        shown.remove(shown.size() - 1);
        printed = printed.subList(0, Math.min(printed.size(), shown.size()));
      }
      // What systemctl says differs by version; where a tour shows nothing, it matters for nobody.
      if (!command.startsWith("systemctl")) {
        assertThat(printed.stream().map(TourIT::withoutFigures))
            .as(command)
            .containsExactlyElementsOf(shown.stream().map(TourIT::withoutFigures).toList());
      }
    }
    return commands;
  }

  /** A line without what differs from run to run, in columns of any width. */
  private static String withoutFigures(String line) {
    return line.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
        .replaceAll("\\b[0-9a-f]{12,64}\\b", "HASH")
        .replaceAll("\\b\\d+ blocks?\\b", "N blocks")
        .replaceAll("--seed \\d+", "--seed N")
        .replaceAll("\\b[\\d.]+ ([KMG]i)?B\\b", "SIZE")
        .replaceAll("\\b[\\d.]+ (s|seconds?|minutes?)\\b", "DURATION")
        .replaceAll(" +", " ");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
