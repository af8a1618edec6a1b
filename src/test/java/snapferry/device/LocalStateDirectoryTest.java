package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

class LocalStateDirectoryTest {
  @TempDir Path directory;

  private Path state() {
    return directory.resolve("deep/image.snapferry");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aMissingDirectoryIsCreatedForItsOwnerOnly() throws IOException {
    try (StateDirectory state = LocalStateDirectory.open(state())) {
      assertThat(state.name()).isEqualTo(state().toString());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state())))
          .isEqualTo("rwx------");
      assertThat(state.usableSpace()).isPositive();
    }
  }

  @Test
  void aFileInItsPlaceIsRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> LocalStateDirectory.open(file)).isInstanceOf(Failure.class);
  }

  @Test
  void theSameProcessDoesNotGetTheLockTwiceNorLoseItByTrying() throws Exception {
    long ours = ProcessHandle.current().pid();
    Path link = Files.createSymbolicLink(directory.resolve("link"), state());
    try (StateDirectory state = LocalStateDirectory.open(state())) {
      for (Path name : List.of(state(), link)) {
        assertThatThrownBy(() -> LocalStateDirectory.open(name))
            .isInstanceOfSatisfying(
                Failure.class, f -> assertThat(f.exit()).isEqualTo(ExitCode.LOCKED))
            .hasMessage(name + " is in use by another run (process " + ours + ")");
      }
      LocalStateDirectory.openReadOnly(state()).close();
      try (OtherProcess other = OtherProcess.start(List.of(), "lock", state())) {
        assertThat(other.verdict())
            .isEqualTo("LOCKED " + state() + " is in use by another run (process " + ours + ")");
      }
    }
    LocalStateDirectory.open(state()).close();
  }

  @Test
  void anotherProcessKeepsUsOutUntilItDies() throws Exception {
    try (OtherProcess other = OtherProcess.start(List.of(), "lock", state())) {
      assertThat(other.verdict()).isEqualTo("opened");
      assertThatThrownBy(() -> LocalStateDirectory.open(state()))
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.exit()).isEqualTo(ExitCode.LOCKED))
          .hasMessageContaining("process " + other.pid() + ")");
      other.kill();
      LocalStateDirectory.open(state()).close();
    }
  }

  @Test
  void whoIsPatientGetsTheLockWhenItIsFree() throws Exception {
    try (OtherProcess other = OtherProcess.start(List.of(), "lock", state())) {
      assertThat(other.verdict()).isEqualTo("opened");
      assertThatThrownBy(() -> LocalStateDirectory.await(state(), Duration.ofMillis(1), () -> {}))
          .isInstanceOfSatisfying(
              Failure.class, f -> assertThat(f.exit()).isEqualTo(ExitCode.LOCKED));
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> assertThatCode(other::kill).doesNotThrowAnyException(),
              CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
      AtomicInteger waits = new AtomicInteger();
      LocalStateDirectory.await(state(), Duration.ofMinutes(1), waits::incrementAndGet).close();
      end.join();
      assertThat(waits).hasValue(1);
    }
  }

  @Test
  void whatIsReplacedSurvivesAndNothingIsLeftAside() throws IOException {
    try (StateDirectory state = LocalStateDirectory.open(state())) {
      assertThat(state.load("manifest", 10)).isNull();
      Files.write(state().resolve("manifest.new"), text("left by a crash, and longer"));
      state.replace("manifest", text("one"));
      state.replace("manifest", text("second"));
    }
    try (StateDirectory state = LocalStateDirectory.open(state())) {
      assertThat(state.load("manifest", 6)).isEqualTo(text("second"));
      assertThatThrownBy(() -> state.load("manifest", 5)).hasMessageContaining("5 bytes");
      assertThat(state.exists("manifest.new")).isFalse();
      state.delete("manifest");
      state.delete("manifest");
      assertThat(state.exists("manifest")).isFalse();
    }
  }

  @Test
  void filesAreCreatedGrownAndReadBack() throws IOException {
    try (StateDirectory state = LocalStateDirectory.open(state())) {
      try (Storage journal = state.open("journal");
          Storage signature = state.open("signature")) {
        state.sync();
        assertThat(journal.size()).isZero();
        for (Storage storage : List.of(journal, signature)) {
          storage.resize(1 << 20);
          storage.write(2 << 20, ByteBuffer.wrap(text("x")));
          storage.sync();
          ByteBuffer read = ByteBuffer.allocate(2);
          storage.read((2 << 20) - 1, read);
          assertThat(read.array()).containsExactly(0, 'x');
          assertThat(storage.size()).isEqualTo((2 << 20) + 1);
        }
      }
    }
  }

  @Test
  void lookingOnNeedsNoLockAndChangesNothing() throws IOException {
    try (StateDirectory state = LocalStateDirectory.open(state())) {
      state.replace("manifest", text("one"));
      try (StateDirectory view = LocalStateDirectory.openReadOnly(state());
          Storage manifest = view.open("manifest");
          Storage mapped = view.open("manifest")) {
        assertThat(view.load("manifest", 3)).isEqualTo(text("one"));
        assertThat(manifest.size()).isEqualTo(mapped.size()).isEqualTo(3);
        mapped.read(0, ByteBuffer.allocate(3));
        assertThatThrownBy(() -> view.replace("manifest", text("x")))
            .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> view.delete("manifest")).isInstanceOf(IOException.class);
        assertThatThrownBy(view::sync).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> view.open("journal")).isInstanceOf(IOException.class);
        assertThat(view.exists("journal")).isFalse();
      }
      assertThat(state.load("manifest", 3)).isEqualTo(text("one"));
    }
    assertThatThrownBy(() -> LocalStateDirectory.openReadOnly(directory.resolve("missing")))
        .isInstanceOf(Failure.class);
  }
}
