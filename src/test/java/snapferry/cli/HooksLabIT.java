package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * File systems that are really frozen around a snapshot, and always thawed. LVM freezes what lies
 * on a logical volume itself, but not what lies on a device above it, as an encrypted one.
 */
@NullMarked
@LabTest
class HooksLabIT {
  private static final String FREEZE = "fsfreeze -f ";
  private static final String THAW = "fsfreeze -u ";

  @TempDir private Path directory;
  private InProcess snapferry;
  private Lab lab;
  private String volume = "";
  private String standby = "";

  @BeforeEach
  void begin() throws Exception {
    snapferry = new InProcess(directory.resolve("state"));
    lab = Lab.open(directory);
    volume = lab.linear("data", 32);
    standby = directory.resolve("standby.img").toString();
  }

  @AfterEach
  void end() throws Exception {
    lab.sh("umount -q mounted; dmsetup remove --retry upper 2>/dev/null; true");
    lab.close();
  }

  /** Mounts a file system on an encrypted device on the volume, whose cipher changes nothing. */
  private void mountAbove() throws Exception {
    lab.sh(
        "modprobe dm-crypt; echo \"0 $(blockdev --getsz %1$s) crypt capi:ecb(cipher_null)-cipher_null"
                .formatted(volume)
            + " - 0 %s 0\" | dmsetup create upper".formatted(volume));
    lab.mount("ext4", "/dev/mapper/upper");
    lab.sh("head -c 4M /dev/urandom >mounted/f");
  }

  private Launcher.Result push(String... options) {
    List<String> words = new ArrayList<>(List.of("push"));
    words.addAll(List.of(options));
    words.addAll(List.of(volume, standby));
    return snapferry.run(words.toArray(String[]::new));
  }

  /** A program that is found before the one of the system, and takes its time. */
  private String slow(String program, String before) throws Exception {
    lab.sh("mkdir -p slow");
    new Launcher(directory)
        .script("slow/" + program, before + "; exec /usr/sbin/" + program + " \"$@\"");
    return directory.resolve("slow") + ":" + System.getenv("PATH");
  }

  private void awaitFile(String name) throws Exception {
    while (!Files.exists(directory.resolve(name))) {
      Thread.sleep(20);
    }
  }

  @Test
  void whatIsFrozenNeedsNoJournalOnTheStandby() throws Exception {
    mountAbove();
    String freeze = FREEZE + lab.mountPoint();
    String thaw = THAW + lab.mountPoint() + "; ";
    Launcher.Result result = push("--pre", freeze, "--post", thaw + lab.sumOfSnapshot());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(lab.sum(standby)).isEqualTo(lab.frozenSum());
    assertThat(lab.sh("e2fsck -fn standby.img; dumpe2fs -h standby.img"))
        .doesNotContain("needs_recovery");
    lab.sh("touch mounted/g; sync");

    assertThat(push().exit()).isZero();
    assertThat(lab.sh("dumpe2fs -h standby.img")).contains("needs_recovery");
  }

  @ParameterizedTest
  @ValueSource(strings = {"the hook", "the snapshot"})
  void aRunThatIsKilledInBetweenThaws(String during) throws Exception {
    mountAbove();
    boolean hook = during.equals("the hook");
    String begun = "touch " + directory.resolve("begun") + "; sleep 15";
    Launcher.Running running =
        new Launcher(directory)
            .start(
                Map.of("PATH", slow("lvcreate", hook ? ":" : begun)),
                "push",
                "--pre",
                FREEZE + lab.mountPoint() + (hook ? "; " + begun : ""),
                "--post",
                THAW + lab.mountPoint() + "; touch " + directory.resolve("thawed"),
                volume,
                standby);
    awaitFile("begun");
    lab.sh("! fsfreeze -f mounted"); // It is frozen already.
    assertThat(directory.resolve("thawed")).doesNotExist();
    running.process().destroyForcibly().waitFor();
    awaitFile("thawed");
    lab.sh("timeout 20 dd if=/dev/zero of=mounted/g bs=4k count=1 conv=fsync");
    lab.sh("while pgrep -x lvcreate; do sleep 0.1; done");
    assertThat(push().exit()).isZero();
    assertThat(lab.snapshots()).isEmpty();
  }

  @Test
  void aRunThatIsStuckInBetweenThawsAndSendsNothing() throws Exception {
    mountAbove();
    Launcher.Result result =
        new Launcher(directory)
            .start(
                Map.of("PATH", slow("lvcreate", "sleep 8")),
                "push",
                "--hook-timeout",
                "2",
                "--pre",
                FREEZE + lab.mountPoint(),
                "--post",
                THAW
                    + lab.mountPoint()
                    + "; lvs @snapferry | wc -l >"
                    + directory.resolve("thawed"),
                volume,
                standby)
            .await();
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("--post had to run before the snapshot was taken");
    assertThat(directory.resolve("thawed")).hasContent("0");
    assertThat(lab.snapshots()).isEmpty();
    assertThat(Path.of(standby)).doesNotExist();
  }

  @Test
  void whatLvmFreezesItselfMustNotBeFrozenAndNothingIsLeftOfTheTry() throws Exception {
    lab.mount("ext4", volume);
    Launcher.Result result =
        push("--pre", FREEZE + lab.mountPoint(), "--post", THAW + lab.mountPoint());
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("lvcreate", "Device or resource busy");
    lab.sh("timeout 20 touch mounted/f");
    assertThat(lab.sh("lvs --noheadings -o lv_name lab")).isEqualTo("data");
    assertThat(lab.sh("ls state/snapshots")).isEmpty();
    assertThat(push().exit()).isZero();
  }

  @Test
  void hooksGoAroundTheSnapshotAndAFailingOneEndsTheRun() throws Exception {
    Path log = directory.resolve("log");
    Map<String, Integer> exits =
        Map.of("exit 3", 1, "sleep 30", 1, "echo pre $(lvs @snapferry | wc -l) >>" + log, 0);
    for (Map.Entry<String, Integer> pre : exits.entrySet()) {
      Files.deleteIfExists(log);
      Launcher.Result result =
          push(
              "--hook-timeout",
              "2",
              "--pre",
              pre.getKey(),
              "--post",
              "echo post $(lvs --noheadings @snapferry | wc -l) >>" + log);
      assertThat(result.exit()).as("%s: %s", pre, result.err()).isEqualTo(pre.getValue());
      assertThat(log).hasContent(pre.getValue() == 0 ? "pre 0\npost 1\n" : "post 0\n");
    }
  }
}
