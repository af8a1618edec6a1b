package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LoopDevice;

/** The package for Debian: installed, used and removed again, by the real dpkg in a clean root. */
@NullMarked
class PackageIT {
  /** All but what a command that is run changes: states, logs, and what dpkg and man keep. */
  private static final String FILES =
      "find /etc /opt /usr /var -xdev -path /var/lib/dpkg -prune -o -path /var/cache/man -prune"
          + " -o -path /var/log -prune -o -path /var/lib/systemd -prune"
          + " -o -path /var/lib/snapferry -prune -o -print | sort";

  @TempDir private Path directory;

  @Test
  void isInstalledAndWorksAndGoesWithoutATrace() throws Exception {
    assumeTrue(CleanRoot.hasPackagedJava(), "Java was not installed by dpkg");
    Path packed = CleanRoot.packed();
    try (CleanRoot root = CleanRoot.open(directory, packed)) {
      live(root);
    }
  }

  /** The same in a Debian of its own, which has never seen this machine: takes minutes. */
  @Test
  @EnabledIfSystemProperty(named = "snapferry.debootstrap", matches = "true")
  void isInstalledInAFreshDebian() throws Exception {
    Path system = Files.createDirectory(directory.resolve("system"));
    String archive =
        LoopDevice.run(
                "apt-get",
                "indextargets",
                "--format",
                "$(CODENAME) $(SITE)",
                "Created-By: Packages")
            .lines()
            .findFirst()
            .orElseThrow();
    String[] words = archive.split(" ", 2);
    LoopDevice.run(
        "debootstrap",
        "--variant=minbase",
        "--include=default-jre-headless,man-db",
        words[0],
        system.toString(),
        words[1]);
    Path packed = CleanRoot.packed();
    try (CleanRoot root =
        CleanRoot.over(system, Files.createDirectory(directory.resolve("over")), packed)) {
      live(root);
    } finally {
      // JUnit would warn of each of its hundreds of links that lead out of its directory.
      LoopDevice.run("rm", "-rf", "--one-file-system", system.toString());
    }
  }

  private static void live(CleanRoot root) throws IOException {
    Set<String> before = files(root);
    root.need("dpkg --install /root/*.deb");
    assertThat(root.need("snapferry --version")).isEqualTo("snapferry 0.1.0\n");
    assertThatItStartsQuickly(root);

    root.need("head -c 1M /dev/urandom >/srv/vol0.img && mkdir /backup");
    String push = root.need("snapferry push /srv/vol0.img /backup/vol0.img");
    assertThat(push).startsWith("vol0.img: epoch 1 (root ");
    root.need("cmp /srv/vol0.img /backup/vol0.img");
    root.need("test -x /usr/lib/snapferry/native-helpers/fuse-holder");
    assertThat(root.need("snapferry help exit-codes")).contains("  10   locked\n");
    assertThat(root.need("snapferry check-config --config /usr/share/doc/snapferry/examples/*"))
        .contains("berlin");
    if (root.run("command -v man").exit() == 0) {
      assertThat(root.need("man snapferry-push")).contains("EXIT STATUS", "--snapshot-size SIZE");
      assertThat(root.need("man snapferry.toml")).contains("snapferry_last_run_success");
    }
    // Nothing is enabled, nothing points to where a build lies.
    root.need("! ls /etc/systemd/system/*/snapferry*");
    assertThat(root.need("grep -h ^ExecStart /usr/lib/systemd/system/snapferry*").lines())
        .hasSizeGreaterThan(2)
        .allMatch(line -> line.startsWith("ExecStart=/usr/bin/snapferry "));

    // As after an upgrade of Java.
    root.need("rm /usr/lib/snapferry/quick-start/*.jsa");
    root.need("dpkg-trigger --by-package=dpkg /usr/lib/jvm && dpkg --triggers-only --pending");
    assertThatItStartsQuickly(root);

    root.need("dpkg --remove snapferry");
    assertThat(root.run("snapferry --version").exit()).isEqualTo(127);
    root.need("dpkg --purge snapferry");
    // What it knows of standbys is not its own to remove.
    root.need("ls -d /var/lib/snapferry/sources/*vol0*");
    Set<String> after = files(root);
    assertThat(without(after, before)).as("left behind").isEmpty();
    assertThat(without(before, after)).as("taken away").isEmpty();
    root.need("cmp /srv/vol0.img /backup/vol0.img");
  }

  private static Set<String> files(CleanRoot root) throws IOException {
    return root.need(FILES).lines().collect(Collectors.toCollection(TreeSet::new));
  }

  /** There are too many files to show them all, or to look for how two lists of them differ. */
  private static Set<String> without(Set<String> files, Set<String> others) {
    Set<String> rest = new TreeSet<>(files);
    rest.removeAll(others);
    return rest;
  }

  private static void assertThatItStartsQuickly(CleanRoot root) throws IOException {
    assertThat(
            root.need(
                "SNAPFERRY_JAVA_OPTS=-Xlog:class+load:stderr snapferry --version 2>&1"
                    + " | grep cli.Main"))
        .contains("source: shared objects file");
    assertThat(root.need("ls /usr/lib/snapferry/quick-start")).contains("lz4", "jffi");
  }

  @Test
  void theSameBuildGivesTheSameBytes() throws Exception {
    Path packed = CleanRoot.packed();
    Path earlier = Files.move(packed, directory.resolve("earlier.deb"));
    assertThat(CleanRoot.packed()).hasSameBinaryContentAs(earlier);
  }

  @Test
  void lintianFindsNoError() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/lintian")), "lintian is not installed");
    List<String> errors =
        LoopDevice.run(
                "lintian",
                "--allow-root",
                "--fail-on=none",
                "--profile=debian",
                CleanRoot.packed().toString())
            .lines()
            .filter(line -> line.startsWith("E:") || line.startsWith("W:"))
            .filter(line -> !line.contains("bogus-mail-host")) // DEBEMAIL has another
            .toList();
    assertThat(errors).isEmpty();
  }
}
