package snapferry.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import snapferry.failure.Failure;
import snapferry.ssh.Endpoint;

@NullMarked
class ConfigurationTest {
  private static final String WEB =
      """
      [volume.web]
      source = "/dev/vg0/web"
      standby.berlin.target = "backup@berlin:web"
      """;

  private static Configuration parse(String text) throws BadConfiguration {
    return new ConfigurationText(new ConfigurationText.File("s.toml", text), List.of()).parse();
  }

  private static List<String> problems(ConfigurationText text) {
    return catchThrowableOfType(BadConfiguration.class, text::parse).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  private static List<String> problems(String text) {
    return problems(new ConfigurationText(new ConfigurationText.File("s.toml", text), List.of()));
  }

  @Test
  void aVolumeHasStandbysAndWhatIsSaidFurtherInHolds() throws Exception {
    Configuration configuration =
        parse(
            """
            timeout = 90
            full = true
            jobs = 2
            [volume.web]
            source = "/dev/vg0/web"
            every = "5m"
            bwlimit = "1.5M"
            [volume.web.standby.berlin]
            target = "backup@berlin:web"
            [volume.web.standby.cellar]
            target = "/srv/web.img"
            timeout = "30"
            full = false
            every = "1h"
            """);
    assertThat(configuration.settings().text(Key.JOBS)).isEqualTo("2");
    Volume web = configuration.volumes().get(0);
    assertThat(web.name()).isEqualTo("web");
    assertThat(web.source()).isEqualTo(new Endpoint.Local(Path.of("/dev/vg0/web")));
    assertThat(web.at()).hasToString("s.toml:4");
    Standby berlin = web.standbys().get(0);
    assertThat(berlin.name()).isEqualTo("berlin");
    assertThat(berlin.target()).isEqualTo(new Endpoint.Remote("backup@berlin", "web"));
    assertThat(berlin.settings().text(Key.TIMEOUT)).isEqualTo("90");
    assertThat(berlin.settings().text(Key.BWLIMIT)).isEqualTo("1.5M");
    assertThat(berlin.settings().text(Key.EVERY)).isEqualTo("5m");
    assertThat(berlin.settings().isTrue(Key.FULL)).isTrue();
    assertThat(berlin.settings().text(Key.JOBS)).as("of the process").isNull();
    Standby cellar = web.standbys().get(1);
    assertThat(cellar.settings().find(Key.TIMEOUT))
        .isEqualTo(new Setting(Key.TIMEOUT, "30", new Position("s.toml", 12)));
    assertThat(cellar.settings().isTrue(Key.FULL)).isFalse();
    assertThat(cellar.settings().text(Key.EVERY)).isEqualTo("1h");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "tiemout = 60            | there is no key tiemout",
        "timeout = true          | timeout takes an integer or a string, not true or false",
        "timeout = 1.5           | timeout takes an integer or a string, not what is there",
        "full = 'yes'            | full takes true or false, not a string",
        "rsh = 5                 | rsh takes a string, not an integer",
        "jobs = '2'              | jobs takes an integer, not a string",
        "rsh.command = 'ssh'     | rsh takes a string, not a table",
        "source = '/dev/x'       | source stands in [volume.NAME]",
        "target = 'h:/x'         | target stands in [volume.NAME.standby.NAME]",
        "every = 'often'         | every takes a number with s, m, h or d",
        "every = '367d'          | up to 366d",
        "timeout = 60 60         | Unexpected",
        "timeout =               | Unexpected",
        "volume = 3              | [volume.NAME] is a table",
        "volume.web = 3          | web is a name and needs a table, [volume.web]",
        "volume.'a b'.source='x' | 'a b' is no name",
      })
  void aMistakeIsSaidWithItsFileAndLine(String line, String message) {
    assertThat(problems("# one\n\n" + line + "\n"))
        .anySatisfy(problem -> assertThat(problem).startsWith("s.toml:3: ").contains(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "jobs = 2                      | jobs stands at the top of the main file",
        "state-dir = '/x'              | state-dir stands at the top of the main file",
        "standby = 'h:/x'              | [volume.db.standby.NAME] is a table",
        "standby.a.source = '/x'       | source stands in [volume.NAME]",
        "standby.a.target = 'x.img'    | target is a path that begins with /, or HOST:PATH",
        "standby.a.target = 'h:'       | names no volume after the host",
        "standby.a.target = '-o:/x'    | begins with a hyphen",
        "standby.a.metrics-file = '/x' | metrics-file stands at the top",
        "standby.a.volume.x = 1        | there is no key volume",
      })
  void aMistakeInAVolumeIsSaidWithItsFileAndLine(String line, String message) {
    assertThat(problems("[volume.db]\nsource = '/dev/db'\n" + line + "\n"))
        .anySatisfy(problem -> assertThat(problem).startsWith("s.toml:3: ").contains(message));
  }

  @Test
  void whatIsMissingIsSaidWhereItBelongs() {
    assertThat(problems("\n[volume.web]\n"))
        .containsExactly(
            "s.toml:2: [volume.web] has no source",
            "s.toml:2: volume web has no standby: standby.NAME.target says where one is");
    assertThat(problems("[volume.web]\nsource='/x'\n\n[volume.web.standby.a]\n"))
        .containsExactly("s.toml:4: [volume.web.standby.a] has no target");
    assertThat(problems("timeout = 60"))
        .containsExactly("s.toml: no [volume.NAME] is in here: nothing to replicate");
    assertThat(problems("")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "source = 'a:/x'\\n"
            + "standby.s.target = 'b:/x' | 3 | are both on other hosts: one must be here",
        "source = 'h:/x'\\nstandby.s.target = '/y'\\ncontinue-on-error = true | 4"
            + " | continue-on-error is for a source of this host, and that of volume web is not",
        "source = '/x'\\nstandby.s.target = '/a/../x' | 3 | is its own standby",
        "source = '/x'\\nstandby.s.target = 'h:/x'\\nstandby.t.target = 'h:/x' | 4"
            + " | h:/x is the target of another standby already, in s.toml:3",
        "source = '/x'\\nstandby.s.target = 'h:/x'\\nsnapshot = 'none'\\npre = 'sync' | 5"
            + " | pre goes around the taking of a snapshot, and snapshot is none",
        "source = '/x'\\nstandby.s.target = 'h:/x'\\nchanges = 'cow'\\nsnapshot = 'reflink' | 4"
            + " | needs a snapshot by LVM, and snapshot is reflink",
        "source = '/x'\\ntrack = true | 3 | track needs a track-mountpoint",
        "source = '/x'\\nstandby.s.target = 'h:/x'\\ntrack-region = '4K' | 4"
            + " | track-region is of a volume with track = true, web is not",
      })
  void whatContradictsIsSaidWithItsFileAndLine(String lines, int line, String message) {
    assertThat(problems("[volume.web]\n" + lines.replace("\\n", "\n")))
        .singleElement()
        .asString()
        .startsWith("s.toml:" + line + ": ")
        .contains(message);
  }

  @Test
  void aVolumeThatIsTrackedNeedsNoStandbyButALocalSourceOfItsOwn() throws Exception {
    String mounted = "track-mountpoint = '/srv/tracked'\n";
    String web = "[volume.web]\nsource = '/x'\ntrack = true\n";
    ConfigurationText.File file = new ConfigurationText.File("s.toml", mounted + web);
    Configuration configuration = new ConfigurationText(file, List.of()).parse();
    assertThat(configuration.volumes()).singleElement().matches(Volume::isTracked);
    assertThat(problems(mounted + web + "[volume.db]\nsource = '/a/../x'\ntrack = true\n"))
        .containsExactly("s.toml:7: /a/../x is tracked already, as volume web");
    assertThat(problems(mounted + "[volume.db]\nsource = 'h:/x'\ntrack = true\n"))
        .containsExactly("s.toml:4: volume db is on another host: it is tracked there");
  }

  @Test
  void quietAndVerboseExcludeEachOther() {
    assertThat(problems("verbose = true\nquiet = true\n" + WEB))
        .containsExactly("s.toml:2: quiet and verbose exclude each other");
  }

  @Test
  void allMistakesAreFoundAtOnce() {
    assertThat(problems("tiemout = 1\n" + WEB + "evry = '5m'\n[volume.db]\nsource = 5\n"))
        .extracting(problem -> problem.substring(0, "s.toml:1".length()))
        .containsExactly("s.toml:1", "s.toml:5", "s.toml:7", "s.toml:6");
  }

  @Test
  void moreFilesHoldVolumesAndNothingElse() throws Exception {
    ConfigurationText.File main = new ConfigurationText.File("s.toml", "timeout = 90\n");
    ConfigurationText.File web = new ConfigurationText.File("web.toml", WEB);
    Configuration configuration = new ConfigurationText(main, List.of(web)).parse();
    Standby berlin = configuration.volumes().get(0).standbys().get(0);
    assertThat(berlin.settings().text(Key.TIMEOUT)).isEqualTo("90");
    assertThat(berlin.at()).hasToString("web.toml:3");

    ConfigurationText.File again = new ConfigurationText.File("x.toml", "timeout = 5\n" + WEB);
    assertThat(problems(new ConfigurationText(main, List.of(web, again))))
        .containsExactly(
            "x.toml:1: only [volume.NAME] may stand here; timeout may not",
            "x.toml:2: volume web is there already, in web.toml:1");
  }

  @Test
  void volumesAreChosenByName() throws Exception {
    Configuration configuration =
        parse(WEB + "[volume.db]\nsource='/dev/db'\nstandby.berlin.target='berlin:/db'\n");
    assertThat(configuration.select(List.of())).hasSize(2);
    assertThat(configuration.select(List.of("db", "web")))
        .extracting(Volume::name)
        .containsExactly("web", "db");
    assertThatThrownBy(() -> configuration.select(List.of("db", "mail")))
        .isInstanceOf(Failure.class)
        .hasMessage("no volume is called mail; there is web, db");
  }

  @Test
  void aSourceMayBeElsewhereOrTheUuidOfALogicalVolume() throws Exception {
    assertThat(
            parse(WEB.replace("/dev/vg0/web", "a:/web").replace("backup@berlin:web", "/srv/web")))
        .isNotNull();
    assertThat(parse(WEB.replace("/dev/vg0/web", "vO3pQi-CDwH-Xmfk-yXTO-Zm7n-3pvq-cK3oEd")))
        .isNotNull();
    assertThat(problems(WEB.replace("/dev/vg0/web", "vO3pQi-CDwH-Xm_k-yXTO-Zm7n-3pvq-cK3oEd")))
        .hasSize(1);
    assertThat(problems(WEB.replace("/dev/vg0/web", "web.img"))).hasSize(1);
  }

  @Test
  void filesAreReadInTheOrderOfTheirNames(@TempDir Path directory) throws Exception {
    Path main = Files.writeString(directory.resolve("snapferry.toml"), "timeout = 90\n");
    Path parts = Files.createDirectory(directory.resolve("conf.d"));
    Files.writeString(parts.resolve("20-web.toml"), WEB);
    Files.writeString(
        parts.resolve("10-db.toml"),
        "[volume.db]\nsource='/dev/db'\nstandby.berlin.target='berlin:/db'\n");
    Files.writeString(parts.resolve("30-mail.toml.bak"), "nonsense");
    assertThat(ConfigurationFiles.withParts(main).parse().volumes())
        .extracting(Volume::name)
        .containsExactly("db", "web");
    assertThat(problems(ConfigurationFiles.single(main))).hasSize(1);
  }

  @Test
  void aFileThatIsNoneIsRefused(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("snapferry.toml");
    assertThatThrownBy(() -> ConfigurationFiles.single(file))
        .hasMessage("there is no configuration " + file);
    Files.write(file, new byte[] {'a', (byte) 0xff});
    assertThatThrownBy(() -> ConfigurationFiles.single(file)).hasMessageContaining("UTF-8");
    Files.write(file, new byte[ConfigurationFiles.MAX_LENGTH + 1]);
    assertThatThrownBy(() -> ConfigurationFiles.single(file)).hasMessageContaining("longer than");
    assertThatThrownBy(() -> ConfigurationFiles.single(directory))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void hostileTextIsRefusedAndNothingElse() {
    assertThat(problems("a = " + "[".repeat(100_000))).isNotEmpty();
    assertThat(problems("a.".repeat(20_000) + "a = 1")).isNotEmpty();
    assertThat(problems("\0\u001b[31m")).isNotEmpty();
  }
}
