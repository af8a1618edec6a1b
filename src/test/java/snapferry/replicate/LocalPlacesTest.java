package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Sources and standbys of this host: what they open, and which files they make. */
@NullMarked
class LocalPlacesTest {
  @TempDir private Path directory;

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(each -> !each.equals(directory))
          .map(each -> directory.relativize(each).toString())
          .sorted()
          .toList();
    }
  }

  private LocalStandbyPlace standby(String name) {
    return new LocalStandbyPlace(directory.resolve(name), directory.resolve("root"));
  }

  private LocalSourcePlace source(Monitor monitor) throws IOException {
    Path volume = directory.resolve("vol 0.img");
    Files.write(volume, new byte[4096]);
    return new LocalSourcePlace(
        volume, directory.resolve("root"), Snapshots.NONE, SourceReading.DEFAULT, monitor);
  }

  @Test
  void aLinkToAStandbyIsThatStandby() throws IOException {
    Path image = directory.resolve("sb.img");
    Files.write(image, new byte[4096]);
    Files.createSymbolicLink(directory.resolve("link.img"), image);
    try (StateDirectory held = standby("sb.img").state(true)) {
      assertThat(held).isNotNull();
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(() -> standby("link.img").state(true))
          .satisfies(failure -> assertThat(failure.exit()).isEqualTo(ExitCode.LOCKED));
    }
    assertThat(directory.resolve("link.img.snapferry")).doesNotExist();
  }

  @Test
  void aLinkThatLeadsNowhereIsRefused() throws IOException {
    Files.createSymbolicLink(directory.resolve("link.img"), directory.resolve("gone.img"));
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> standby("link.img").open(true))
        .satisfies(failure -> assertThat(failure.exit()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void aNewStandbyIsForItsOwnerOnly() throws IOException {
    standby("new.img").create(8192).close();
    assertThat(Files.getPosixFilePermissions(directory.resolve("new.img")))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  }

  @Test
  void whatIsMissingIsMadeOnlyWhenAskedFor() throws IOException {
    LocalStandbyPlace place = standby("new.img");
    assertThat(place.open(true)).isNull();
    assertThat(place.state(false)).isNull();
    assertThat(place.look()).isNull();
    assertThat(files()).isEmpty();
    try (BlockDevice made = place.create(1 << 20);
        StateDirectory state = place.state(true)) {
      assertThat(made.size()).isEqualTo(1 << 20);
      assertThat(state).isNotNull();
    }
    assertThat(files()).containsExactly("new.img", "new.img.snapferry", "new.img.snapferry/lock");
  }

  @Test
  void anEmptyFileCountsAsMissing() throws IOException {
    Files.createFile(directory.resolve("empty.img"));
    LocalStandbyPlace place = standby("empty.img");
    assertThat(place.open(true)).isNull();
    try (BlockDevice made = place.create(8192)) {
      assertThat(made.size()).isEqualTo(8192);
    }
  }

  @Test
  void noDirectoryAndNoDeviceIsMade() {
    for (Path path : List.of(directory.resolve("missing/x.img"), Path.of("/dev/no-such-volume"))) {
      LocalStandbyPlace place = new LocalStandbyPlace(path, directory);
      assertThatThrownBy(() -> place.open(true))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.USAGE));
      assertThatThrownBy(() -> place.create(512)).isInstanceOf(Failure.class);
    }
  }

  @Test
  void theStateOfADeviceIsInTheStateRoot() throws IOException {
    LocalStandbyPlace place = new LocalStandbyPlace(Path.of("/dev/./null"), directory);
    try (StateDirectory state = Objects.requireNonNull(place.state(true))) {
      assertThat(state.name()).matches(directory + "/targets/null-[0-9a-f]{16}");
    }
    assertThat(PathKey.directory(Path.of("/dev/null")))
        .isEqualTo("null-fd5d32feb2d35625")
        .isNotEqualTo(PathKey.directory(Path.of("/dev/vg/null")));
  }

  @ParameterizedTest
  @CsvSource({"/a/vol0.img, vol0.img", "/a/vol 0:é.img, vol_0__.img", "/a/.., volume", "/, volume"})
  void aLabelHasTheLettersOfAVolumeName(Path path, String label) {
    assertThat(PathKey.label(path)).isEqualTo(label);
  }

  @Test
  void aSourceRemembersEachStandbyByItself() throws IOException {
    Notes notes = new Notes();
    UUID id = UUID.fromString("00000000-0000-4000-8000-000000000001");
    try (LocalSourcePlace place = source(notes)) {
      assertThat(place.label()).isEqualTo("vol_0.img");
      assertThat(place.identity(false)).isNull();
      assertThat(place.standby(id, false)).isNull();
      try (StateDirectory made = Objects.requireNonNull(place.standby(id, true));
          StateDirectory identity = Objects.requireNonNull(place.identity(true))) {
        assertThat(made.name()).isEqualTo(identity.name() + "/" + id);
      }
    }
    assertThat(notes.warnings).isEmpty();
  }

  @Test
  void aWriteChangesTheStamp() throws IOException {
    try (LocalSourcePlace place = source(Monitor.SILENT)) {
      Object before = place.writeStamp();
      assertThat(place.writeStamp()).isEqualTo(before);
      Files.write(directory.resolve("vol 0.img"), new byte[8192]);
      assertThat(place.writeStamp()).isNotEqualTo(before);
    }
  }

  @Test
  void scratchLeavesNothingBehindNotEvenBytesWhileItIsInUse() throws IOException {
    try (LocalSourcePlace place = source(Monitor.SILENT)) {
      try (StateDirectory scratch = place.scratch();
          Storage storage = scratch.open("signature")) {
        storage.write(0, ByteBuffer.wrap(new byte[100]));
        assertThat(storage.size()).isEqualTo(100);
        assertThat(files()).noneMatch(name -> name.endsWith("signature"));
      }
      assertThat(files()).containsExactly("vol 0.img");
    }
  }

  @Test
  void aStateRootThatCannotBeWrittenIsReplacedForOneRun() throws IOException {
    Notes notes = new Notes();
    Files.writeString(directory.resolve("root"), "a file, which not even root can make files in");
    Path used;
    try (LocalSourcePlace place = source(notes)) {
      try (StateDirectory identity = Objects.requireNonNull(place.identity(true))) {
        used = Path.of(identity.name());
        identity.replace("volume", new byte[10]);
      }
      place.scratch().close();
    }
    assertThat(notes.warnings).singleElement().asString().contains("--state-dir");
    assertThat(used).doesNotExist();
    assertThat(used.getParent()).doesNotExist();
  }
}
