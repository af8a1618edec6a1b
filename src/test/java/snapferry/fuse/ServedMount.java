package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.device.LoopDevice;

/** A real mount of one file, served by a real server in a process of its own that can be killed. */
@NullMarked
final class ServedMount implements AutoCloseable {
  private static final int THREADS = 4;
  private static final Pattern SERVES = Pattern.compile("(?m)^(mounted|took over)$");
  private static final long PATIENCE_SECONDS = 60;

  private final Path directory;
  private Path log;
  private final KernelCache cache;
  private final List<String> options;
  private @Nullable Process server;

  /** Waits to be started; {@code directory} must exist, for this mount only. */
  ServedMount(Path directory, KernelCache cache, long size, String... options) throws IOException {
    assumeTrue(isPossible(), "SKIPPED: this needs root, /dev/fuse and the right to mount");
    this.directory = directory;
    this.log = directory.resolve("none");
    this.cache = cache;
    this.options = List.of(options);
    Files.createDirectory(point());
    try (RandomAccessFile file = new RandomAccessFile(backing().toFile(), "rw")) {
      file.setLength(size);
    }
  }

  private ServedMount(ServedMount other) {
    directory = other.directory;
    log = other.log;
    cache = other.cache;
    options = other.options;
  }

  /** The same place for a second server. */
  ServedMount another() {
    return new ServedMount(this);
  }

  static boolean isPossible() throws IOException {
    return Identity.isRoot() && Files.exists(Path.of("/dev/fuse"));
  }

  Path point() {
    return directory.resolve("mnt");
  }

  /** The file as it is seen through the mount. */
  Path file() {
    return point().resolve("vol0");
  }

  /** The file behind it. */
  Path backing() {
    return directory.resolve("backing");
  }

  /** What the server said since it was started. */
  String said() throws IOException {
    return Files.readString(log);
  }

  /** Starts a server, which must come to serve. */
  void start() throws Exception {
    tryToStart(List.of());
    assertThat(said()).containsPattern(SERVES);
  }

  /**
   * Starts a server; returns when it serves, or has given up.
   *
   * @param prefix a command that runs its arguments, for instance as another user; may be empty
   */
  void tryToStart(List<String> prefix) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(
        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath()));
    command.addAll(List.of(Serve.class.getName(), point().toString()));
    command.addAll(List.of(directory.resolve("run").toString(), cache.name(), "" + THREADS));
    command.addAll(options);
    command.add(backing().toString());
    log = Files.createTempFile(directory, "log", "");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process started = builder.redirectOutput(log.toFile()).start();
    server = started;
    while (started.isAlive() && !SERVES.matcher(said()).find()) {
      Thread.sleep(10);
    }
  }

  private static String classPath() {
    Path libraries = Path.of(System.getProperty("snapferry.basedir", "")).resolve("target/lib/*");
    return home(FuseServer.class) + ":" + home(Serve.class) + ":" + libraries;
  }

  private static String home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process().destroyForcibly().waitFor();
  }

  /** SIGTERM. */
  void terminate() {
    process().destroy();
  }

  /** Its exit code, once it has ended by itself. */
  int exit() throws InterruptedException {
    assertThat(process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ended").isTrue();
    return process().exitValue();
  }

  long pid() {
    return process().pid();
  }

  private Process process() {
    assertThat(server).as("the server").isNotNull();
    return server;
  }

  /** Unmounts, after which the server must end well. */
  void unmount() throws Exception {
    LoopDevice.run("umount", point().toString());
    assertThat(exit()).as("%s", said()).isZero();
    assertThat(said()).endsWith("unmounted\n");
  }

  /** Leaves nothing, however the test ended. */
  @Override
  public void close() throws Exception {
    if (new MountPoint(directory.toRealPath().resolve("mnt")).isOurs()) {
      LoopDevice.run("umount", "--lazy", point().toString());
    }
    if (server != null) {
      kill();
    }
    new Holder(socket()).end();
  }

  /** Where the holder listens. */
  Path socket() throws IOException {
    return directory
        .resolve("run")
        .resolve(new MountPoint(directory.toRealPath().resolve("mnt")).key())
        .resolve("holder");
  }
}
