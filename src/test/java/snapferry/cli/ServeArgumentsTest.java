package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.delta.MatchLimits;
import snapferry.device.CacheUse;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.lvm.ChangesMode;
import snapferry.lvm.KeepLimit;
import snapferry.lvm.SnapshotMode;
import snapferry.lvm.SnapshotSettings;
import snapferry.posix.Priority;
import snapferry.replicate.SourceReading;

@NullMarked
class ServeArgumentsTest {
  private static ServeArguments parse(String words) throws Failure {
    return ServeArguments.parse(List.of(words.split(" ", -1)));
  }

  @Test
  void oneVolumeWithDefaults() throws Failure {
    ServeArguments arguments = parse("--volume /srv/vol0.img");
    assertThat(arguments.volume()).isEqualTo(Path.of("/srv/vol0.img"));
    assertThat(arguments.allowed()).isEmpty();
    assertThat(arguments.stateDirectory()).isNull();
    assertThat(arguments.timeoutSeconds()).isEqualTo(60);
    assertThat(arguments.bytesPerSecond()).isZero();
    assertThat(arguments.compress()).isTrue();
    assertThat(arguments.load()).isEqualTo(Load.DEFAULT);
  }

  @Test
  void everyOptionInBothSpellings() throws Failure {
    ServeArguments arguments =
        parse(
            "--state-dir=/s --volume=a=b --timeout 5 --bwlimit=2m --compress none --match=sector"
                + " --match-memory 64M --read-limit 3m"
                + " --cache=direct --nice=-5 --ionice idle --max-size 1G --max-time=2h");
    Load load =
        new Load(
            new SourceReading(CacheUse.DIRECT, 3 << 20, false),
            -5,
            new Load.IoPriority(Priority.IoClass.IDLE, 0));
    assertThat(arguments)
        .isEqualTo(
            new ServeArguments(
                Path.of("a=b"),
                Map.of(),
                Path.of("/s"),
                5,
                2 << 20,
                false,
                new MatchLimits(MatchLimits.Mode.SECTOR, 64 << 20),
                load,
                1L << 30,
                Duration.ofHours(2),
                SnapshotSettings.DEFAULT,
                Keeping.DEFAULT,
                null));
  }

  @Test
  void namesEndAtTheFirstEqualsSignAndPathsBeforeRo() throws Failure {
    assertThat(parse("--allow a=/x=y --allow b=/z,ro --allow=c=rel,row").allowed())
        .containsOnly(
            Map.entry("a", new ServeArguments.Allowed(Path.of("/x=y"), false)),
            Map.entry("b", new ServeArguments.Allowed(Path.of("/z"), true)),
            Map.entry("c", new ServeArguments.Allowed(Path.of("rel,row"), false)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--timeout 5",
        "--volume",
        "--volume=",
        "--volume a --allow b=c",
        "--allow b",
        "--allow =c",
        "--allow b=",
        "--allow b=,ro",
        "--allow ../b=c",
        "--allow ..=c",
        "--allow a=b --allow a=c",
        "--volume a stray",
        "--volume a --unknown x",
        "--volume a --timeout 1",
        "--volume a --bwlimit fast",
        "--volume a --max-size 0",
        "--volume a --max-size 1.5G",
        "-v",
      })
  void whatMakesNoSenseIsAUsageError(String words) {
    assertThatThrownBy(() -> parse(words))
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void howToTakeASnapshotIsTold() throws Failure {
    ServeArguments arguments =
        ServeArguments.parse(
            List.of(
                "--volume=/dev/vg0/data",
                "--snapshot",
                "lvm",
                "--snapshot-size=2G",
                "--pre",
                "fsfreeze -f /srv",
                "--post",
                "fsfreeze -u /srv",
                "--hook-timeout",
                "5",
                "--changes=cow",
                "--keep-base=2,3",
                "--standby-snapshot=keep=5",
                "--keep=24"));
    assertThat(arguments.keeping()).isEqualTo(new Keeping(5, 24));
    assertThat(arguments.snapshot())
        .isEqualTo(
            new SnapshotSettings(
                SnapshotMode.LVM,
                2L << 30,
                "fsfreeze -f /srv",
                "fsfreeze -u /srv",
                5,
                ChangesMode.COW,
                new KeepLimit(2, 3)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--snapshot=zfs",
        "--snapshot-size=0",
        "--snapshot-size=-1",
        "--snapshot-size=1T",
        "--hook-timeout=0",
        "--hook-timeout=1e3",
        "--changes=all",
        "--keep-base=0",
        "--keep-base=4,0",
        "--standby-snapshot=5",
        "--keep=-1",
        "--keep=1000",
        "--reverses=me"
      })
  void aSnapshotThatCannotBeIsRefused(String word) {
    assertThatThrownBy(() -> ServeArguments.parse(List.of("--volume=/v", word)))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith(word.substring(0, word.indexOf('=')) + " takes ");
  }
}
