package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code report}: its page of real runs, in a real browser where there is one. */
@NullMarked
@Timeout(300)
class PageIT {
  private static final int OFTEN = 0xff2c5f8a;

  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Path web = Path.of("");
  private Path log = Path.of("");

  @BeforeEach
  void makeVolume() throws Exception {
    launcher = new Launcher(directory);
    web = Images.make(directory.resolve("web.img"), 1);
    log = directory.resolve("state/runs.jsonl");
    Files.writeString(
        directory.resolve("s.toml"),
        """
        rsh = "'%s'"
        remote-command = "'%s'"
        remote-state-dir = "%s/far"
        [volume.pushed]
        source = "%3$s/web.img"
        standby.near.target = "%3$s/near.img"
        standby.far.target = "far:%3$s/far.img"
        [volume.pulled]
        source = "elsewhere:%3$s/web.img"
        standby.here.target = "%3$s/here.img"
        """
            .formatted(Launcher.localRsh(), Launcher.program(), directory));
  }

  private Launcher.Result run(String... words) throws Exception {
    Launcher.Result result = launcher.run(words);
    assertThat(result.exit()).as(result.err()).isZero();
    return result;
  }

  /** Changes the second block, and every second time the last but one of those with data. */
  private void replicate(int epochs) throws Exception {
    run("run", "-q", "--config", "s.toml");
    for (int epoch = 2; epoch <= epochs; epoch++) {
      Images.flip(web, 70_000);
      if (epoch % 2 == 0) {
        Images.flip(web, 14L * Images.BLOCK);
      }
      run("run", "-q", "--config", "s.toml");
    }
  }

  @Test
  void whereAVolumeChangesIsLoggedByBothEndsAndDrawn() throws Exception {
    replicate(3);
    String often = "\"heat\":\"05000000000000" + "5" + "0".repeat(49) + "\"";
    String always = "\"heat\":\"05" + "0".repeat(62) + "\"";
    List<String> lines = Files.readAllLines(log);
    for (String pair : List.of("near", "far", "here")) {
      assertThat(lines)
          .filteredOn(line -> line.contains("\"standby\":\"" + pair + "\""))
          .satisfiesExactly(
              first -> assertThat(first).contains("\"heat\":\"" + "5".repeat(16) + "0".repeat(48)),
              second -> assertThat(second).contains(often),
              third -> assertThat(third).contains(always));
    }
    Path page = directory.resolve("report.html");
    Files.writeString(page, "old");
    assertThat(run("report", "--config", "s.toml", "-o", "report.html").out()).isEmpty();
    assertThat(page)
        .content()
        .contains(
            "<title>64 KiB – 128 KiB: changed in 2 of 2 epochs (100 %)</title>",
            "<title>896 KiB – 960 KiB: changed in 1 of 2 epochs (50 %)</title>",
            "<span class=\"badge ok\">3 ok</span>");
    assertThat(run("report", "--config", "s.toml", "-o", "-", "--since", "1h").out())
        .startsWith("<!doctype html>")
        .endsWith("</html>\n");
  }

  @Test
  void aVerificationIsRememberedButWritesNothingAtTheFarEnd() throws Exception {
    replicate(1);
    run("verify", "near.img");
    run(
        "verify",
        "--rsh",
        "'" + Launcher.localRsh() + "'",
        "--remote-command",
        "'" + Launcher.program() + "'",
        "--remote-state-dir",
        directory.resolve("far").toString(),
        "web.img",
        "far:" + directory.resolve("far.img"));
    List<Map<String, Object>> status = run("status", "--json", "--config", "s.toml").events();
    assertThat(status)
        .filteredOn(event -> "pushed".equals(event.get("volume")))
        .hasSize(2)
        .allSatisfy(
            event ->
                assertThat(event)
                    .containsEntry("verifiedEpoch", 1L)
                    .containsEntry("journalBytes", 0L)
                    .containsKeys("verified", "verifiedSame"));
    Images.flip(directory.resolve("near.img"), 100);
    assertThat(launcher.run("verify", "near.img").exit()).isEqualTo(23);
    assertThat(run("status", "--config", "s.toml").out()).contains("DIFFERENT ");
    assertThat(directory.resolve("far.img.snapferry/verified")).doesNotExist();
  }

  @Test
  void aBrowserShowsTheMapAndRunsNothing() throws Exception {
    Chromium browser = new Chromium(directory);
    replicate(3);
    Files.writeString(
        log,
        "{\"time\":\"%s\",\"volume\":\"pushed\",\"standby\":\"near\",\"exit\":20,\"seconds\":1,"
                .formatted(Instant.now())
            + "\"message\":\"</td><script>document.title='owned'</script><img src=x"
            + " onerror=\\\"document.title='owned'\\\">\"}\n",
        StandardOpenOption.APPEND);
    run("report", "--config", "s.toml", "-o", "report.html");
    Path page = directory.resolve("report.html");
    String document = browser.document(page);
    assertThat(document)
        .contains("<title>Snapferry on ", "&lt;script&gt;document.title='owned'")
        .doesNotContain("<script", "<img", "<title>owned");
    assertThat(Pattern.compile("<figure>").matcher(document).results()).hasSize(6);
    assertThat(Pattern.compile("<svg[^>]* role=\"img\"").matcher(document).results()).hasSize(9);
    BufferedImage picture = ImageIO.read(browser.picture(page, 1100, 2000).toFile());
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        colours.add(picture.getRGB(x, y));
      }
    }
    assertThat(colours).as("the map is drawn").contains(OFTEN);
  }
}
