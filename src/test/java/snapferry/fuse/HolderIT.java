package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import snapferry.codec.FormatException;
import snapferry.device.LoopDevice;
import snapferry.posix.FuseDevice;
import snapferry.posix.LocalSocket;

/** The holder, talked to without any server. */
@NullMarked
@Timeout(60)
class HolderIT {
  private static final MountState STATE =
      new MountState(new Protocol(41, 4096, 5), false, KernelCache.DIRECT, List.of("5 vol0"));

  @TempDir private Path directory;
  private Path socket;
  private Holder holder;

  @BeforeEach
  void begin() throws IOException {
    assumeTrue(ServedMount.isPossible(), "SKIPPED: this needs root and /dev/fuse");
    assumeTrue(Holder.program() != null, "SKIPPED: there is no fuse-holder, for want of cc");
    socket = directory.resolve("holder");
    holder = new Holder(socket);
  }

  @Test
  void nobodyIsThereBeforeItIsStarted() throws Exception {
    assertThat(holder.take()).isNull();
    holder.end();
  }

  @Test
  void itSaysWhereItCannotListen() {
    Holder nowhere = new Holder(directory.resolve("missing/holder"));
    assertThatThrownBy(() -> nowhere.keep(program(), STATE, List.of()))
        .hasMessageContaining("No such file or directory");
  }

  @Test
  void aHolderThatWasGivenNothingEndsWhenItIsAsked() throws Exception {
    LoopDevice.run(program().toString(), socket.toString());
    assertThat(Files.getPosixFilePermissions(socket))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(holder.take()).isNull();
    assertThat(Files.exists(socket)).isFalse();
  }

  /** If its socket went after its answer, it would sometimes take that of the next with it. */
  @Test
  void whenItHasEndedTheNextOneMayBeginAtOnce() throws Exception {
    for (int i = 0; i < 200; i++) {
      LoopDevice.run(program().toString(), socket.toString());
      holder.end();
      assertThat(Files.exists(socket)).as("after end %d", i).isFalse();
    }
  }

  @Test
  void hostileMessagesDoNotEndIt() throws Exception {
    LoopDevice.run(program().toString(), socket.toString());
    Random random = new Random(1);
    try (FuseDevice device = mounted()) {
      tell(message('k', 100), List.of(device));
      for (int i = 0; i < 200; i++) {
        byte[] bytes = new byte[1 + random.nextInt(i % 10 == 0 ? 70_000 : 40)];
        random.nextBytes(bytes);
        bytes[0] = (byte) "kt?".charAt(random.nextInt(3));
        if (bytes.length > 1 || bytes[0] != 't') {
          tell(bytes, random.nextBoolean() ? List.of(device, device) : List.of());
        }
      }
    }
    LocalSocket.Message kept = tell(message('t', 0), List.of());
    assertThat(kept.bytes().remaining()).isEqualTo(101);
    assertThat(kept.devices()).hasSize(1);
    kept.devices().get(0).close();
    holder.end();
    assertThat(Files.exists(socket)).isFalse();
  }

  @Test
  void aStateThatIsGarbledLeavesNoDescriptorOpen() throws Exception {
    LoopDevice.run(program().toString(), socket.toString());
    try (FuseDevice device = mounted()) {
      tell(message('k', 100), List.of(device, device));
      long before = openDevices();
      assertThatThrownBy(holder::take).isInstanceOf(FormatException.class);
      assertThat(openDevices()).isEqualTo(before);
    }
    holder.end();
  }

  private static long openDevices() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(each -> leadsTo(each, "/dev/fuse")).count();
    }
  }

  private static boolean leadsTo(Path link, String target) {
    try {
      return Files.readSymbolicLink(link).toString().equals(target);
    } catch (IOException e) {
      return false; // That of the listing itself.
    }
  }

  @Test
  void itEndsWithItsMount() throws Exception {
    try (FuseDevice device = mounted()) {
      holder.keep(program(), STATE, List.of(device));
    }
    Holder.Kept kept = Objects.requireNonNull(holder.take());
    assertThat(kept.state()).isEqualTo(STATE);
    kept.devices().get(0).close();
    unmount();
    assertThat(holder.take()).isNull();
    assertThat(Files.exists(socket)).isFalse();
  }

  /** A mount that nobody serves, and nobody must look into. */
  private FuseDevice mounted() throws IOException {
    Path point = Files.createDirectories(directory.resolve("mnt"));
    MountSettings settings =
        new MountSettings(point, false, false, 0, 0, 0600, KernelCache.DIRECT, 1, directory);
    return Mounting.mount(MountPoint.of(point), settings);
  }

  @AfterEach
  void unmount() throws IOException {
    Path point = directory.toRealPath().resolve("mnt");
    Mounting.unmount(new MountPoint(point), true);
  }

  private static Path program() {
    return Objects.requireNonNull(Holder.program());
  }

  private static byte[] message(char what, int size) {
    return (what + "s".repeat(size)).getBytes(StandardCharsets.US_ASCII);
  }

  private LocalSocket.Message tell(byte[] bytes, List<FuseDevice> devices) throws IOException {
    try (LocalSocket connection = LocalSocket.connect(socket)) {
      connection.send(bytes, devices);
      return connection.receive(1 << 17);
    }
  }
}
