package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds of one logical volume to two standbys, which share its snapshots and what is kept. */
@NullMarked
@LabTest
class FanOutLabIT {
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Lab lab;
  private String volume = "";

  /** What else happens when the snapshot was taken, and before it is read. */
  private String meanwhile = "";

  @BeforeEach
  void begin() throws Exception {
    launcher = new Launcher(directory);
    lab = Lab.open(directory);
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  private void make(String changes) throws Exception {
    volume = changes.equals("thin") ? lab.thin("data", 16, 64) : lab.linear("data", 16);
    lab.sh("head -c 8M /dev/urandom >" + volume);
  }

  /** A configuration with these standbys, of this host. */
  private void configure(String changes, String settings, String... standbys) throws Exception {
    StringBuilder text = new StringBuilder(settings);
    text.append("changes = \"%s\"\nsnapshot-size = \"16M\"\n".formatted(changes));
    text.append("post = \"echo post >>%s%s\"\n".formatted(directory.resolve("hooks"), meanwhile));
    text.append("[volume.data]\nsource = \"%s\"\n".formatted(volume));
    for (String name : standbys) {
      text.append("standby.%s.target = \"%s\"\n".formatted(name, image(name)));
    }
    Files.writeString(directory.resolve("s.toml"), text);
  }

  private Path image(String name) {
    return directory.resolve(name + ".img");
  }

  /** Runs a round in which a snapshot is taken once, and everybody gets what the volume holds. */
  private List<Object> round(String... standbys) throws Exception {
    Files.writeString(directory.resolve("hooks"), "");
    Launcher.Result round = launcher.run("run", "--json", "--config", "s.toml");
    assertThat(round.exit()).as(round.err()).isZero();
    assertThat(Files.readAllLines(directory.resolve("hooks"))).containsExactly("post");
    for (String name : standbys) {
      assertThat(lab.sum(image(name))).isEqualTo(lab.sum(volume));
    }
    return round.events().stream()
        .filter(event -> "summary".equals(event.get("event")))
        .map(event -> event.get("changeSource"))
        .toList();
  }

  private void overwrite(int atKib) throws Exception {
    lab.sh(
        "dd if=/dev/urandom of=%s bs=1k count=64 seek=%d conv=notrunc,fsync"
            .formatted(volume, atKib));
  }

  private long keepings(String snapshot) throws Exception {
    String tags = lab.sh("lvs --noheadings -o lv_tags lab/" + snapshot);
    return List.of(tags.strip().split(",", -1)).stream()
        .filter(tag -> tag.startsWith("snapferry.standby="))
        .count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"thin", "cow"})
  void standbysShareASnapshotThatIsKeptUntilTheLastOfThemHasALaterEpoch(String changes)
      throws Exception {
    make(changes);
    configure(changes, "", "a", "b");
    assertThat(round("a", "b")).containsExactly("scan", "scan");
    assertThat(lab.snapshots()).hasSize(1);
    String first = lab.snapshots().get(0);
    assertThat(keepings(first)).isEqualTo(2);

    overwrite(100);
    assertThat(round("a", "b")).containsExactly(changes, changes);
    assertThat(lab.snapshots()).hasSize(1).doesNotContain(first);
    String second = lab.snapshots().get(0);

    overwrite(300);
    configure(changes, "", "a");
    assertThat(round("a")).containsExactly(changes);
    assertThat(lab.snapshots()).hasSize(2).contains(second);
    assertThat(keepings(second)).as("for b, which missed this epoch").isEqualTo(1);
    assertThat(launcher.run("cleanup").out()).contains(second + " is kept", "nothing left behind");

    overwrite(500);
    configure(changes, "", "a", "b");
    assertThat(round("a", "b")).containsExactly(changes, changes);
    assertThat(lab.snapshots()).hasSize(1).doesNotContain(second);
    assertThat(keepings(lab.snapshots().get(0))).isEqualTo(2);
  }

  @Test
  void whatAKilledRoundLeavesIsRemovedAndWhatAStandbyHoldsIsKept() throws Exception {
    make("cow");
    configure("cow", "", "a", "b");
    round("a", "b");
    String base = lab.snapshots().get(0);
    lab.sh("head -c 4M /dev/urandom >" + volume);
    configure("cow", "bwlimit = 200\n", "a", "b");
    Launcher.Running killed = launcher.start("run", "--config", "s.toml");
    while (lab.snapshots().size() < 2) {
      assertThat(killed.process().isAlive()).isTrue();
      Thread.sleep(50);
    }
    killed.process().destroyForcibly().waitFor();
    List<String> left = lab.snapshots();
    assertThat(left).hasSize(2).contains(base);

    configure("cow", "", "a", "b");
    assertThat(round("a", "b")).containsExactly("cow", "cow");
    assertThat(lab.snapshots()).hasSize(1).doesNotContainAnyElementsOf(left);
  }

  private String overwriting(int atMib, int mib) {
    return "dd if=/dev/urandom of=%s bs=1M seek=%d count=%d oflag=direct"
        .formatted(volume, atMib, mib);
  }

  /** How full LVM says that a snapshot is, from 0 to 1, to four digits. */
  private double fill(String snapshot) throws Exception {
    return Double.parseDouble(lab.sh("lvs --noheadings -o snap_percent lab/" + snapshot)) / 100;
  }

  /** Its whole percents are of the end of the run. */
  private static double metricsFill(String metrics, String standby) {
    Matcher sample =
        Pattern.compile("snapferry_snapshot_fill_ratio\\{[^}]*\"%s\"} (.*)".formatted(standby))
            .matcher(metrics);
    assertThat(sample.find()).as(metrics).isTrue();
    return Double.parseDouble(sample.group(1));
  }

  private double statusFill(String standby) throws Exception {
    return launcher.run("status", "--json", "--config", "s.toml").events().stream()
        .filter(event -> standby.equals(event.get("standby")))
        .map(event -> (Double) event.get("snapshotFill"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void howFullASnapshotIsThatIsKeptIsToldAsLvmTellsIt() throws Exception {
    make("cow");
    Path metrics = directory.resolve("snapferry.prom");
    String settings = "metrics-file = \"" + metrics + "\"\n";
    meanwhile = "; " + overwriting(0, 4);
    configure("cow", settings, "a", "b");
    assertThat(launcher.run("run", "--config", "s.toml").exit()).isZero();
    assertThat(lab.snapshots()).hasSize(1);
    String first = lab.snapshots().get(0);
    assertThat(fill(first)).isBetween(0.2, 0.5);
    for (String name : List.of("a", "b")) {
      assertThat(metricsFill(Files.readString(metrics), name)).isCloseTo(fill(first), within(.006));
    }

    meanwhile = "";
    configure("cow", settings, "a");
    assertThat(launcher.run("run", "--config", "s.toml").exit()).isZero();
    assertThat(lab.snapshots()).hasSize(2).contains(first);
    String second =
        lab.snapshots().stream().filter(name -> !name.equals(first)).findFirst().orElseThrow();
    lab.sh(overwriting(8, 2));
    configure("cow", settings, "a", "b");
    assertThat(fill(first)).as("more was overwritten since").isGreaterThan(fill(second));
    assertThat(statusFill("a")).isCloseTo(fill(second), within(.0001));
    assertThat(statusFill("b")).isCloseTo(fill(first), within(.0001));
  }
}
