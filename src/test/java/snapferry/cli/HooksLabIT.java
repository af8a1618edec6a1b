package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * File systems that are really frozen around a snapshot, and always thawed. LVM freezes what lies
 * on a logical volume itself, but not what lies on a device above it, as an encrypted one.
 */
@NullMarked
@LabTest
class HooksLabIT extends LabPushes {
  private static final String FREEZE = "fsfreeze -f ";
  private static final String THAW = "fsfreeze -u ";

  private String volume = "";

  @BeforeEach
  void makeVolume() throws Exception {
    volume = lab.linear("data", 32);
  }

  @AfterEach
  void removeUpper() throws Exception {
    lab.sh("umount -q mounted; dmsetup remove --retry upper 2>/dev/null; true");
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

  private Launcher.Result pushVolume(String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    words.addAll(List.of(volume, standby.toString()));
    return push(words.toArray(String[]::new));
  }

  /** A program that is found before the one of the system, and takes its time. */
  private String slow(String program, String before) throws Exception {
    lab.sh("mkdir -p slow");
    new Launcher(directory)
        .script("slow/" + program, before + "; exec /usr/sbin/" + program + " \"$@\"");
    return directory.resolve("slow") + ":" + System.getenv("PATH");
  }

  private void awaitFile(String name) throws Exception {
    lab.sh("until [ -e %s ]; do sleep 0.1; done".formatted(name));
  }

  @Test
  void whatIsFrozenNeedsNoJournalOnTheStandby() throws Exception {
    mountAbove();
    String freeze = FREEZE + lab.mountPoint();
    String thaw = THAW + lab.mountPoint() + "; ";
    Launcher.Result result = pushVolume("--pre", freeze, "--post", thaw + lab.sumOfSnapshot());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(lab.sum(standby)).isEqualTo(lab.frozenSum());
    assertThat(lab.sh("e2fsck -fn standby.img; dumpe2fs -h standby.img"))
        .doesNotContain("needs_recovery");
    lab.sh("touch mounted/g; sync");

    assertThat(pushVolume().exit()).isZero();
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
                standby.toString());
    awaitFile("begun");
    lab.sh("! fsfreeze -f mounted"); // It is frozen already.
    assertThat(directory.resolve("thawed")).doesNotExist();
    running.process().destroyForcibly().waitFor();
    awaitFile("thawed");
    lab.sh("timeout 20 dd if=/dev/zero of=mounted/g bs=4k count=1 conv=fsync");
    lab.sh("while pgrep -x lvcreate; do sleep 0.1; done");
    assertThat(pushVolume().exit()).isZero();
    assertThat(lab.snapshots()).isEmpty();
  }

  @Test
  void aRunThatIsStuckInBetweenThawsAndSendsNothing() throws Exception {
    mountAbove();
    Launcher.Result result =
        new Launcher(directory)
            .start(
                Map.of("PATH", slow("lvcreate", "sleep 20")),
                "push",
                "--hook-timeout",
                "5",
                "--pre",
                FREEZE + lab.mountPoint(),
                "--post",
                THAW
                    + lab.mountPoint()
                    + "; dmsetup ls | grep snapferry | wc -l >"
                    + directory.resolve("thawed"),
                volume,
                standby.toString())
            .await();
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("--post had to run before the snapshot was taken");
    assertThat(directory.resolve("thawed")).hasContent("0");
    assertThat(lab.snapshots()).isEmpty();
    assertThat(standby).doesNotExist();
  }

  @Test
  void whatLvmFreezesItselfMustNotBeFrozenAndNothingIsLeftOfTheTry() throws Exception {
    lab.mount("ext4", volume);
    Launcher.Result result =
        pushVolume("--pre", FREEZE + lab.mountPoint(), "--post", THAW + lab.mountPoint());
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("lvcreate", "Device or resource busy");
    lab.sh("timeout 20 touch mounted/f");
    assertThat(lab.sh("lvs --noheadings -o lv_name lab")).isEqualTo("data");
    assertThat(lab.sh("ls state/snapshots")).isEmpty();
    assertThat(pushVolume().exit()).isZero();
  }

  private Path log() {
    return directory.resolve("log");
  }

  @Test
  void hooksGoAroundTheSnapshot() throws Exception {
    String count = " $(lvs --noheadings @snapferry | wc -l) >>" + log();
    Launcher.Result result = pushVolume("--pre", "echo pre" + count, "--post", "echo post" + count);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(log()).hasContent("pre 0\npost 1\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 3", "sleep 60"})
  void aFirstHookThatFailsEndsTheRunAfterTheSecond(String pre) throws Exception {
    Launcher.Result result =
        pushVolume("--hook-timeout", "5", "--pre", pre, "--post", "echo post >>" + log());
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).contains("--pre ", "No snapshot was taken");
    assertThat(log()).hasContent("post\n");
    assertThat(lab.snapshots()).isEmpty();
    assertThat(standby).doesNotExist();
  }
}
