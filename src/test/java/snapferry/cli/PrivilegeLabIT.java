package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A user who is in the group {@code disk} and may run just what the documentation tells sudoers to
 * allow.
 */
@NullMarked
@LabTest
class PrivilegeLabIT {
  private static final Path RULES = Path.of("/etc/sudoers.d/ferry");

  @TempDir private Path directory;
  private Lab lab;

  @BeforeEach
  void begin() throws Exception {
    lab = Lab.open(directory);
    // What a user who is not root can reach: the checkout may be in somebody's home.
    lab.sh(
        """
        id ferry 2>/dev/null || useradd --create-home --groups disk ferry
        chown 0:0 /usr/bin/sudo /etc/sudoers /etc/sudoers.d && chmod 4755 /usr/bin/sudo
        cd "%s"; install -D scripts/snapferry /opt/snapferry/scripts/snapferry
        mkdir -p /opt/snapferry/target; cp -r target/snapferry.jar target/lib target/quick-start /opt/snapferry/target
        """
            .formatted(System.getProperty("snapferry.basedir")));
  }

  @AfterEach
  void end() throws Exception {
    Files.deleteIfExists(RULES);
    lab.sh("rm -rf /home/ferry/*");
    lab.close();
  }

  private static void allowWhatIsDocumented() throws Exception {
    Path document = Path.of(System.getProperty("snapferry.basedir"), "src/site/markdown/cli.md");
    String text = Files.readString(document);
    int begin = text.indexOf("```\n", text.indexOf("`sudoers` may allow exactly them")) + 4;
    String lines = text.substring(begin, text.indexOf("```", begin));
    String commands =
        lines
            .strip()
            .lines()
            .map(line -> "/usr/sbin/" + line)
            .collect(Collectors.joining(", \\\n  "));
    Files.writeString(RULES, "ferry ALL=(root) NOPASSWD: " + commands + "\n");
  }

  /** Runs {@code snapferry} as that user; gives its exit status and all that it printed. */
  private String asFerry(String arguments) throws Exception {
    return lab.sh(
        "cd /home/ferry; setpriv --reuid ferry --regid ferry --init-groups env HOME=/home/ferry"
            + " USER=ferry SNAPFERRY_STATE_DIR=/home/ferry/state /opt/snapferry/scripts/snapferry "
            + arguments
            + " 2>&1; echo exit $?");
  }

  private void assertFerries(String volume, String changes) throws Exception {
    lab.sh("head -c 4M /dev/urandom >" + volume);
    String push = "push --json --changes %s %s %s.img".formatted(changes, volume, changes);
    assertThat(asFerry(push)).endsWith("exit 0").contains("\"epoch\":1");
    lab.sh("dd if=/dev/urandom of=%s bs=4k count=9 seek=99 conv=notrunc,fsync".formatted(volume));
    assertThat(asFerry(push))
        .endsWith("exit 0")
        .contains("\"changeSource\":\"%s\"".formatted(changes));
    assertThat(lab.sum("/home/ferry/" + changes + ".img")).isEqualTo(lab.sum(volume));
  }

  @Test
  void theDocumentedRulesAreEnoughForAllThatIsDone() throws Exception {
    String classic = lab.linear("data", 16);
    assertThat(asFerry("push --snapshot lvm " + classic + " x.img"))
        .endsWith("exit 1")
        .contains("sudo: a password is required");
    allowWhatIsDocumented();
    assertFerries(classic, "cow");
    assertFerries(lab.thin("thin", 16, 64), "thin");
    assertThat(asFerry("cleanup")).endsWith("exit 0");
    assertThat(asFerry("push --init --standby-snapshot keep=1 cow.img " + lab.linear("far", 16)))
        .endsWith("exit 0");
    assertThat(lab.sh("lvs --noheadings -o lv_name @snapferry-standby")).contains("_epoch1_");
  }
}
