package snapferry.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Mounting by a program that fails. */
class FuserMountTest {
  private static void tryWith(String program, String message) {
    assertThatThrownBy(() -> FuserMount.mount(Path.of(program), Path.of("/mnt"), "ro"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  /** Pipes and sockets of this process. */
  private static long open() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(FuserMountTest::isPipeOrSocket).count();
    }
  }

  private static boolean isPipeOrSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().matches("(pipe|socket):.*");
    } catch (IOException e) {
      return false; // That of the listing itself.
    }
  }

  @Test
  void whatFailsLeavesNoDescriptorAndNoChild() throws IOException {
    tryWith("/bin/false", "failed, status 256");
    long before = open();
    for (int i = 0; i < 3; i++) {
      tryWith("/bin/false", "failed, status 256");
      tryWith("/none/such", "posix_spawn failed: No such file or directory");
    }
    assertThat(open()).isEqualTo(before);
    assertThat(ProcessHandle.current().children()).isEmpty();
  }

  @Test
  void aPathThatNoAddressHoldsIsRefused() {
    Path fits = Path.of("/" + "x".repeat(LocalSocket.MAX_PATH - 1));
    assertThat(LocalSocket.canBeAt(fits)).isTrue();
    assertThat(LocalSocket.canBeAt(Path.of("/" + "ä".repeat(LocalSocket.MAX_PATH / 2)))).isTrue();
    Path tooLong = Path.of(fits + "x");
    assertThatThrownBy(() -> LocalSocket.connect(tooLong))
        .isInstanceOfSatisfying(
            PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENAMETOOLONG));
  }
}
