package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import snapferry.config.BadConfiguration;
import snapferry.config.Configuration;
import snapferry.config.ConfigurationFiles;
import snapferry.config.ConfigurationText;
import snapferry.config.Key;
import snapferry.config.Problem;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.failure.ExitCode;
import snapferry.ledger.Severity;

/** Keys of a configuration are options of push, and {@code config.md} tells all of them. */
@NullMarked
class ConfiguredRunTest {
  private static final Path EXAMPLE = Path.of("src/main/config/snapferry.toml");
  private static final Path DOCUMENT = Path.of("src/site/markdown/config.md");
  private static final Pattern KEY_ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

  /** Keys that push has no use for. */
  private static final Set<Key> OF_ROUNDS =
      EnumSet.of(
          Key.SOURCE,
          Key.TARGET,
          Key.EVERY,
          Key.SHARE_SNAPSHOT,
          Key.TRACK,
          Key.TRACK_REGION,
          Key.TRACK_READ_ONLY,
          Key.TRACK_MOUNTPOINT,
          Key.TRACK_ALLOW_OTHER,
          Key.TRACK_OWNER,
          Key.TRACK_MODE,
          Key.TRACK_CACHE,
          Key.TRACK_THREADS,
          Key.JOBS,
          Key.METRICS_FILE,
          Key.RUN_LOG,
          Key.RUN_LOG_SIZE,
          Key.RUN_LOG_KEEP);

  private static Configuration parse(String text) throws BadConfiguration {
    Configuration configuration =
        new ConfigurationText(new ConfigurationText.File("s.toml", text), List.of()).parse();
    ConfiguredValues.check(configuration);
    return configuration;
  }

  private static CommandLine push() {
    return Objects.requireNonNull(
        Snapferry.program(new Interruption()).getSubcommands().get("push"));
  }

  @Test
  void everyOptionOfPushHasItsKeyAndNoOtherKeyClaimsToBeOne() {
    Set<String> options =
        push().getCommandSpec().options().stream()
            .filter(option -> !option.usageHelp())
            .map(OptionSpec::longestName)
            .map(name -> name.substring("--".length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(EnumSet.complementOf(EnumSet.copyOf(OF_ROUNDS)))
        .extracting(Key::label)
        .containsExactlyInAnyOrderElementsOf(options);
  }

  @Test
  void aKeyIsAFlagIfItsOptionIsOne() {
    for (Key key : EnumSet.complementOf(EnumSet.copyOf(OF_ROUNDS))) {
      OptionSpec option = push().getCommandSpec().findOption("--" + key.label());
      assertThat(key.kind() == Key.Kind.FLAG).as(key.label()).isEqualTo(option.arity().max() == 0);
    }
  }

  @Test
  void aKeyOfTrackIsAnOptionOfTrack() {
    CommandLine track =
        Objects.requireNonNull(Snapferry.program(new Interruption()).getSubcommands().get("track"));
    for (Key key : Key.values()) {
      if (key.label().startsWith("track-") && key != Key.TRACK_MOUNTPOINT) {
        String name = "--" + key.label().substring("track-".length());
        OptionSpec option = track.getCommandSpec().findOption(name);
        assertThat(option).as(name).isNotNull();
        assertThat(key.kind() == Key.Kind.FLAG).as(name).isEqualTo(option.arity().max() == 0);
      }
    }
  }

  @Test
  void aRunIsThePushThatOneWouldType() throws Exception {
    Configuration configuration =
        parse(
            """
            full = true
            [volume.web]
            source = "/dev/vg0/web"
            pre = "psql -c 'checkpoint'"
            standby.berlin = { target = "backup@[::1]:web", timeout = 30, full = false, nice = -5 }
            standby.cellar.target = "/srv/web.img"
            """);
    Volume web = configuration.volumes().get(0);
    ConfiguredRun run =
        ConfiguredRun.of(web, web.standbys().get(0), Path.of("/state"), List.of("--stats"));
    assertThat(run.words())
        .containsExactly(
            "push",
            "--pre=psql -c 'checkpoint'",
            "--timeout=30",
            "--nice=-5",
            "--state-dir=/state",
            "--stats",
            "--",
            "/dev/vg0/web",
            "backup@[::1]:web");
    assertThat(run.pair()).hasToString("web/berlin");
    assertThat(run.command()).isInstanceOf(PushCommand.class);
    assertThat(ConfiguredRun.of(web, web.standbys().get(1), Path.of("/state"), List.of()).words())
        .contains("--full", "/srv/web.img");
  }

  @Test
  void standbysWhoseSnapshotsAreTakenAlikeShareThemUnlessItIsForbidden() throws Exception {
    Volume web =
        parse(
                """
                [volume.web]
                source = "/dev/vg0/web"
                pre = "sync"
                standby.a.target = "a:web"
                standby.b = { target = "b:web", bwlimit = 100 }
                standby.c = { target = "c:web", changes = "scan" }
                standby.d = { target = "d:web", share-snapshot = false }
                """)
            .volumes()
            .get(0);
    List<ConfiguredRun> runs = new ArrayList<>();
    for (Standby standby : web.standbys()) {
      runs.add(ConfiguredRun.of(web, standby, Path.of("/s"), List.of()));
    }
    assertThat(runs.get(0).company()).isNotNull().isEqualTo(runs.get(1).company());
    assertThat(runs.get(2).company()).isNotNull().isNotEqualTo(runs.get(0).company());
    assertThat(runs.get(3).company()).isNull();
    assertThat(runs.get(3).words()).doesNotContain("--share-snapshot");
  }

  @Test
  void aSourceElsewhereIsPulled() throws Exception {
    Volume mail =
        parse(
                """
                [volume.mail]
                source = "mail:/dev/vg0/mail"
                standby.here.target = "/srv/@mail.img"
                """)
            .volumes()
            .get(0);
    ConfiguredRun run = ConfiguredRun.of(mail, mail.standbys().get(0), Path.of("/s"), List.of());
    assertThat(run.words())
        .containsExactly("pull", "--state-dir=/s", "--", "mail:/dev/vg0/mail", "/srv/@mail.img");
    assertThat(run.command()).isInstanceOf(PullCommand.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "timeout = 2               | timeout takes seconds from 3 to 3600, not '2'",
        "bwlimit = 'fast'          | bwlimit takes KiB a second",
        "block-size = 3000         | block-size takes a power of two",
        "hash = 'md5'              | hash takes fast128 or sha256",
        "snapshot = 'zfs'          | snapshot takes auto, lvm",
        "keep-base = 0             | keep-base takes a count",
        "standby-snapshot = '3'    | standby-snapshot takes keep=N",
        "rsh = 'ssh \"'            | rsh",
        "nice = 20                 | nice takes a number",
        "jobs = 0                  | jobs takes a number from 1 to 16, not '0'",
        "run-log-size = '1K'       | run-log-size takes from 64K to 1G",
        "run-log-keep = 100        | run-log-keep takes a number from 0 to 99",
        "state-dir = 'state'       | state-dir takes a path that begins with /",
        "metrics-file = 'x.prom'   | metrics-file takes a path that begins with /",
        "track-mountpoint = 'mnt'  | track-mountpoint takes a path that begins with /",
        "track-owner = 'root'      | track-owner takes UID or UID:GID, not 'root'",
        "track-mode = '888'        | track-mode takes three octal digits",
        "track-cache = 'none'      | track-cache takes direct or writeback",
        "track-threads = 33        | track-threads takes a number from 1 to 32",
      })
  void aValueThatMakesNoSenseIsSaidWithItsFileAndLine(String line, String message) {
    String text = "\n" + line + "\n[volume.w]\nsource='/w'\nstandby.s.target='h:w'\n";
    assertThat(catchThrowableOfType(BadConfiguration.class, () -> parse(text)).problems())
        .singleElement()
        .extracting(Problem::toString)
        .asString()
        .startsWith("s.toml:2: ")
        .contains(message);
  }

  @Test
  void theExampleIsSoundAndStandsInTheDocument() throws Exception {
    Configuration example = ConfigurationFiles.single(EXAMPLE).parse();
    ConfiguredValues.check(example);
    assertThat(example.volumes()).extracting(Volume::name).containsExactly("web", "db", "mail");
    assertThat(Files.readString(DOCUMENT))
        .contains("```toml\n" + Files.readString(EXAMPLE) + "```\n");
  }

  @Test
  void everyKeyIsDocumented() throws Exception {
    String document = Files.readString(DOCUMENT);
    String keys =
        document.substring(document.indexOf("## Keys"), document.indexOf("## Again and again"));
    assertThat(KEY_ROW.matcher(keys).results().map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(Arrays.stream(Key.values()).map(Key::label).toList());
  }

  @Test
  void whatIsWorseIsDocumented() throws Exception {
    assertThat(Files.readString(Path.of("src/site/markdown/cli.md")))
        .contains(
            Severity.ORDER.stream()
                .map(ExitCode::code)
                .map(code -> Integer.toString(code))
                .collect(Collectors.joining(" < ")));
  }
}
