package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

class VolumesTest {
  @TempDir Path directory;

  private static void assertRefused(Path path, ExitCode exit, String words) {
    assertThatThrownBy(() -> Volumes.openSource(path).close())
        .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.exit()).isEqualTo(exit))
        .hasMessageContaining(path.toString())
        .hasMessageContaining(words);
    assertThatThrownBy(() -> Volumes.openTarget(path).close())
        .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.exit()).isEqualTo(exit))
        .hasMessageContaining(path.toString())
        .hasMessageContaining(words);
  }

  private Path file(long size) throws IOException {
    Path path = directory.resolve("volume.img");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
    }
    return path;
  }

  @Test
  void filesOpenAsSourceAndAsTargetAlsoThroughLinks() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), file(512 * 3));
    try (BlockDevice source = Volumes.openSource(link);
        BlockDevice target = Volumes.openTarget(link)) {
      assertThat(source.isDevice()).isFalse();
      assertThat(source.name()).isEqualTo(link.toString());
      assertThat(target.size()).isEqualTo(512 * 3);
    }
    assertThat(Volumes.mountedReadWrite(link)).isFalse();
  }

  /** The other process has no native library on its class path. */
  @Test
  void aPlainFileIsOpenedWithoutTheNativeLibrary() throws Exception {
    try (OtherProcess other = OtherProcess.start(List.of(), "target", file(512))) {
      assertThat(other.verdict()).isEqualTo("opened");
    }
  }

  /** As that of a tracker, or of a program that runs virtual machines. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFileThatAnotherProgramHasLockedIsNoTarget(boolean shared) throws Exception {
    Path path = file(512);
    try (FileDevice held = FileDevice.openLocked(path, !shared);
        OtherProcess other = OtherProcess.start(List.of(), "target", path)) {
      assertThat(other.verdict()).startsWith("BUSY " + path).contains("locked by another program");
      Volumes.openSource(path).close();
    }
    Volumes.openTarget(path).close();
  }

  @Test
  void whatIsNoVolumeIsRefusedByItsKind() throws IOException {
    assertRefused(directory, ExitCode.USAGE, "is a directory");
    assertRefused(directory.resolve("missing"), ExitCode.USAGE, "does not exist");
    assertRefused(Path.of("/dev/null"), ExitCode.USAGE, "character device");
    Path pipe = directory.resolve("pipe");
    LoopDevice.run("mkfifo", pipe.toString());
    assertRefused(pipe, ExitCode.USAGE, "is a pipe");
  }

  @Test
  void sizesThatAreNotWholeSectorsAreRefused() throws IOException {
    assertRefused(file(0), ExitCode.SIZE, "is empty");
    assertRefused(file(511), ExitCode.SIZE, "511 bytes");
    assertRefused(file(513), ExitCode.SIZE, "513 bytes");
  }

  @Test
  void aDenialSaysWhoseTheFileIsAndWhatHelps() throws IOException {
    Path path = file(512);
    String group = LoopDevice.run("stat", "-c", "%G", path.toString()).strip();
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    assertThat(Denial.of(path, "written to", new IOException()))
        .hasMessageContaining("with rw-rw----; join the group " + group + " or run as root");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(Denial.of(path, "written to", new IOException()))
        .hasMessageContaining("with rw-r-----; run as root or as the owner");
  }

  @Test
  void anotherUserIsToldThatPermissionIsMissing() throws Exception {
    Path path = file(512);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    assumeTrue(canRun(nobody), "needs root and setpriv to become another user");
    try (OtherProcess other = OtherProcess.start(nobody, "target", path)) {
      assertThat(other.verdict())
          .startsWith(
              "FAILED " + path + " may not be written to by the user nobody: it belongs to");
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    try (OtherProcess other = OtherProcess.start(nobody, "target", path)) {
      assertThat(other.verdict())
          .startsWith("FAILED " + path + " may not be written to by the user nobody: a directory");
    }
  }

  private static boolean canRun(List<String> prefix) {
    try {
      List<String> command = new ArrayList<>(prefix);
      command.addAll(
          List.of(
              "test",
              "-r",
              OtherProcess.class.getProtectionDomain().getCodeSource().getLocation().getPath()));
      LoopDevice.run(command.toArray(String[]::new));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
