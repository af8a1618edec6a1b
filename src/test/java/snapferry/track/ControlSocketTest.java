package snapferry.track;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import snapferry.change.ChangeMap;
import snapferry.change.Span;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** The protocol of {@code dirty-map.md} over a real socket, with ends that keep to it or do not. */
@NullMarked
@Timeout(60)
class ControlSocketTest {
  private static final long SEED = new Random().nextLong();
  private static final Path SOURCE = Path.of("/dev/x");

  @TempDir private Path directory = Path.of("");

  /** A tracker without a mount. */
  private final class Listening implements AutoCloseable {
    final MapRig rig = new MapRig(new Random(SEED));
    final MapRig.Open open = rig.open();
    final Path socket = directory.resolve("control");
    final ControlServer server =
        ControlServer.start(
            socket,
            channel ->
                new ControlSession(
                    channel,
                    open.volume,
                    open.map,
                    new TrackerReport(
                        new TrackerDescription(SOURCE, Path.of("/mnt"), "vol0"),
                        open.volume,
                        open.map)));

    Listening() throws IOException {}

    TrackerConnection connect() throws IOException {
      return Objects.requireNonNull(TrackerConnection.open(socket), "a tracker");
    }

    @Override
    public void close() throws IOException {
      server.close();
      open.close();
    }
  }

  @Test
  void aRunLearnsWhatChangedAndStandbysAtDifferentEpochsEachLearnTheirs() throws IOException {
    try (Listening tracker = new Listening()) {
      try (TrackerConnection run = tracker.connect()) {
        run.rotate();
        run.keep(MapRig.epoch(1, 0), MapRig.epoch(1, 1));
        run.acknowledge(MapRig.epoch(1, 1));
      }
      tracker.open.volume.zero(3 * 4096, 4096, true);
      try (TrackerConnection run = tracker.connect()) {
        run.rotate();
        run.keep(MapRig.epoch(2, 0), MapRig.epoch(2, 1));
      }
      tracker.open.volume.zero(9 * 4096, 8192, true);
      try (TrackerConnection run = tracker.connect()) {
        run.rotate();
        assertThat(changed(run, 1, 1)).containsExactly(3, 9, 10);
        assertThat(changed(run, 2, 1)).containsExactly(9, 10);
        ChangeMap none = new ChangeMap("fuse", MapRig.SIZE);
        assertThat(run.collect(MapRig.epoch(1, 2), none, MapRig.SIZE)).isFalse();
        assertThat(run.status()).contains("volume: /dev/x", "region: 4096");
      }
    }
  }

  private static List<Integer> changed(TrackerConnection run, long standby, long epoch)
      throws IOException {
    ChangeMap changes = new ChangeMap("fuse", MapRig.SIZE);
    assertThat(run.collect(MapRig.epoch(standby, epoch), changes, MapRig.SIZE)).isTrue();
    return java.util.stream.IntStream.range(0, MapRig.REGIONS)
        .filter(region -> changes.next(region * 4096L).kind() == Span.Kind.READ)
        .boxed()
        .toList();
  }

  @Test
  void whatIsFrozenIsReadThroughTheConnectionAndEndsWithIt() throws Exception {
    try (Listening tracker = new Listening()) {
      byte[] then = tracker.rig.content();
      TrackerConnection run = tracker.connect();
      assertThat(run.freeze(SOURCE, 0)).isEqualTo(MapRig.SIZE);
      tracker.open.volume.zero(0, MapRig.SIZE, true);
      byte[] read = new byte[MapRig.SIZE];
      run.read(0, ByteBuffer.wrap(read));
      run.check();
      assertThat(read).isEqualTo(then);
      run.close();
      while (tracker.open.volume.frozen() != null) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void noGenerationBeginsThatIsNotTheOneOfWhatIsFrozen() throws IOException {
    try (Listening tracker = new Listening();
        TrackerConnection run = tracker.connect()) {
      run.freeze(SOURCE, 0);
      assertThatThrownBy(run::rotate)
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.PROTOCOL));
      run.check();
    }
  }

  @Test
  void aSnapshotThatIsLostIsToldAsSuch() throws IOException {
    try (Listening tracker = new Listening();
        TrackerConnection run = tracker.connect()) {
      run.freeze(SOURCE, 4096);
      tracker.open.volume.zero(0, 8192, true);
      assertThatThrownBy(run::check)
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.SNAPSHOT_LOST));
      assertThatThrownBy(() -> run.read(0, ByteBuffer.allocate(512))).isInstanceOf(Failure.class);
      assertThat(run.status()).anyMatch(line -> line.equals("snapshot: lost"));
    }
  }

  @Test
  void aSnapshotIsLostWithTheConnectionWhateverIsAsked() throws Exception {
    for (Asking asking :
        List.<Asking>of(
            run -> run.read(0, ByteBuffer.allocate(512)),
            run -> run.nextAllocated(0, MapRig.SIZE),
            TrackerConnection::check,
            run -> run.keep(MapRig.epoch(1, 0), MapRig.epoch(1, 1)))) {
      try (Listening tracker = new Listening();
          TrackerConnection run = tracker.connect();
          TrackerConnection other = tracker.connect()) {
        run.freeze(SOURCE, 0);
        tracker.server.close();
        assertThatThrownBy(() -> asking.ask(run))
            .isInstanceOfSatisfying(
                Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.SNAPSHOT_LOST))
            .hasMessageContaining("the tracker of " + SOURCE + " ended");
        assertThatThrownBy(other::check).as("nothing frozen").isNotInstanceOf(Failure.class);
      }
    }
  }

  private interface Asking {
    void ask(TrackerConnection run) throws IOException;
  }

  @Test
  void theSocketIsForItsOwnerAndTooLongAPathIsRefused() throws IOException {
    try (Listening tracker = new Listening()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tracker.socket)))
          .isEqualTo("rw-------");
    }
    Path fits = Path.of("/" + "x".repeat(106));
    ControlServer.requireRoom(fits);
    assertThatThrownBy(() -> ControlServer.requireRoom(Path.of(fits + "x")))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("--state-dir");
  }

  @Test
  void nobodyListensWhereATrackerEnded() throws IOException {
    Path socket;
    try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket = directory.resolve("stale");
      gone.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(TrackerConnection.open(socket)).isNull();
  }

  @Test
  void requestsThatMakeNoSenseAreRefusedAndTheNextOneIsAnswered() throws IOException {
    List<String> nonsense =
        List.of(
            "",
            "read",
            "read 0",
            "read 0 99999999999999999999",
            "read -1 512",
            "read 0 512 0",
            "read 0 512",
            "read 573000 2048",
            "allocated 5",
            "freeze -1",
            "freeze  1",
            "freeze 0 ",
            "check",
            "collect x",
            "collect 00000000-0000-0009-0000-000000000001:1:00",
            "keep a b",
            "keep " + EpochWord.of(MapRig.epoch(1, 1)) + " " + EpochWord.of(MapRig.epoch(1, 2)),
            "\u0000\u0001ÿ",
            "rotate now");
    try (Listening tracker = new Listening();
        SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(tracker.socket))) {
      ControlChannel channel = new ControlChannel(raw);
      assertThat(channel.readLine()).isEqualTo(ControlSession.GREETING);
      channel.send(ControlSession.GREETING);
      for (String line : nonsense) {
        channel.send(line);
        assertThat(channel.readLine()).as(line).startsWith("error 21 ");
      }
      channel.send("rotate");
      assertThat(channel.readLine()).startsWith("ok ");
    }
  }

  @Test
  void randomBytesAndEndlessLinesEndTheConnectionAndNothingElse() throws IOException {
    Random random = new Random(SEED);
    try (Listening tracker = new Listening()) {
      for (int round = 0; round < 50; round++) {
        byte[] bytes = new byte[random.nextInt(20_000)];
        random.nextBytes(bytes);
        boolean greets = random.nextBoolean();
        try (SocketChannel raw = SocketChannel.open(UnixDomainSocketAddress.of(tracker.socket))) {
          if (greets) {
            raw.write(ByteBuffer.wrap((ControlSession.GREETING + "\n").getBytes(UTF_8)));
          }
          raw.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
          // The tracker hung up before all was written.
        }
      }
      try (TrackerConnection run = tracker.connect()) {
        assertThat(run.rotate()).as("seed %d", SEED).isPositive();
      }
    }
  }

  @Test
  void aTrackerThatAnswersNonsenseIsNotBelieved() throws Exception {
    for (String answer :
        List.of(
            "",
            "ok",
            "ok -1",
            "ok 99999999999999999999",
            "yes 5",
            "error 999999 x",
            "ok " + "9".repeat(9000))) {
      Path socket = directory.resolve("forged");
      Files.deleteIfExists(socket);
      try (ServerSocketChannel forged = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        forged.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(() -> answer(forged, answer));
        thread.start();
        try (@Nullable TrackerConnection run = TrackerConnection.open(socket)) {
          assertThatThrownBy(Objects.requireNonNull(run)::rotate)
              .as(answer)
              .isInstanceOf(IOException.class);
        }
        thread.join();
      }
    }
  }

  private static void answer(ServerSocketChannel forged, String answer) {
    try (ControlChannel channel = new ControlChannel(forged.accept())) {
      channel.send(ControlSession.GREETING);
      channel.readLine();
      channel.readLine();
      channel.send(answer);
    } catch (IOException e) {
      // Who asked has hung up.
    }
  }
}
