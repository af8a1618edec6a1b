package snapferry.replicate;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeSource;
import snapferry.delta.MatchLimits;
import snapferry.device.BlockDevice;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.extent.BlockSize;
import snapferry.journal.Manifest;
import snapferry.journal.VolumeIdentity;
import snapferry.patrol.Moment;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * A source and a standby on a hostile disk each, with a line in memory between them: everything but
 * the disks is the product's own.
 */
@NullMarked
final class Rig {
  static final Session.Settings SETTINGS =
      new Session.Settings(20, 0, true, MatchLimits.DEFAULT, null, "test");
  static final String VOLUME = "volume";
  static final String IMAGE = "image";
  static final String STATE = "state";
  static final String IDENTITY = "identity";

  HostileDisk sourceDisk = new HostileDisk();
  HostileDisk standbyDisk = new HostileDisk();
  boolean targetIsDevice;
  Session.Settings settings = SETTINGS;

  /** For how many epochs the standby keeps what it takes to go back; null for as many as before. */
  @Nullable Integer keep;

  /** Hears what both ends have to say. */
  Monitor monitor = Monitor.SILENT;

  /** What is said of the source in every run, whatever the basis is; null when nothing is. */
  @Nullable ChangeSource hint;

  /** When it is at both ends. */
  Moment now = new Moment(new UUID(1, 2), 0, 0);

  /** Whether somebody cuts the source by a sector once its size was asked for. */
  boolean shrinking;

  /** Whether somebody makes the source known a moment before a run does. */
  boolean overtaken;

  /** Gives the source this content. */
  void source(byte[] content) {
    sourceDisk.preload(VOLUME, content);
  }

  /** Gives the standby an image with this content, which belongs to no lineage. */
  void bareImage(byte[] content) {
    standbyDisk.preload(IMAGE, content);
  }

  boolean hasImage() {
    return standbyDisk.has(IMAGE);
  }

  byte[] image() {
    return standbyDisk.content(IMAGE);
  }

  /** Both ends after a power cut: what was not durable is gone, as far as luck goes. */
  Rig rebooted(Random random) {
    return on(sourceDisk.reboot(random), standbyDisk.reboot(random));
  }

  /**
   * A copy of what is durable here: two ends to try something on. May be taken again and again, but
   * this rig itself can do nothing more.
   */
  Rig copy() {
    return on(sourceDisk.rebootKeepingNone(), standbyDisk.rebootKeepingNone());
  }

  /** As this rig, but with these disks. */
  Rig on(HostileDisk source, HostileDisk standby) {
    Rig rig = new Rig();
    rig.sourceDisk = source;
    rig.standbyDisk = standby;
    rig.targetIsDevice = targetIsDevice;
    rig.keep = keep;
    rig.settings = settings;
    rig.monitor = monitor;
    rig.hint = hint;
    rig.now = now;
    return rig;
  }

  /** What the standby's manifest says, without recovery; null when there is none. */
  @Nullable Manifest manifest() throws IOException {
    try (StateDirectory state = standbyDisk.directory(STATE)) {
      return Manifest.load(state);
    }
  }

  /** Where the source remembers what this rig's standby acknowledged. */
  String sourceRecord() throws IOException {
    return "standby-" + Objects.requireNonNull(manifest(), "a standby").standby();
  }

  Summary replicate() throws IOException {
    return push(Purpose.REPLICATE, Wishes.NONE);
  }

  /** One session: the source is the client. */
  Summary push(Purpose purpose, Wishes wishes) throws IOException {
    return session(Ends.pair(), client -> client.push("", sourcePlace(), purpose, wishes));
  }

  /** One session: the standby is the client. */
  Summary pull(Purpose purpose, Wishes wishes) throws IOException {
    return session(Ends.pair(), client -> client.pull("", standbyPlace(), purpose, wishes));
  }

  /** What the client does in its session. */
  interface Client {
    Summary run(Session session) throws IOException;
  }

  /**
   * One session over this line, whose first end is the client's. Returns when both ends are done.
   */
  Summary session(Ends[] ends, Client client) throws IOException {
    CompletableFuture<@Nullable Void> server = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                serve(ends[1]);
              } catch (IOException e) {
                // The client is told.
              } finally {
                server.complete(null);
              }
            },
            "server");
    thread.setDaemon(true);
    thread.start();
    try (Session session = new Session(ends[0], settings, monitor)) {
      return client.run(session);
    } finally {
      server.join();
    }
  }

  /** The server's end of a session. */
  Summary serve(Ends end) throws IOException {
    try (Session session = new Session(end, settings, monitor)) {
      return session.serve(new Served());
    }
  }

  /** Opens the standby as the next run would, which recovers it. */
  Standby open() throws IOException {
    return Standby.open(standbyPlace(), false, Monitor.SILENT);
  }

  private static BlockDevice shrinking(BlockDevice volume) {
    AtomicInteger asked = new AtomicInteger();
    return (BlockDevice)
        Proxy.newProxyInstance(
            Rig.class.getClassLoader(),
            new Class<?>[] {BlockDevice.class},
            (proxy, method, arguments) -> {
              Object answer = method.invoke(volume, arguments);
              boolean cut = method.getName().equals("size") && asked.getAndIncrement() > 0;
              return cut ? (Object) ((long) answer - BlockSize.SECTOR) : answer;
            });
  }

  private final class Served implements Session.Volumes {
    @Override
    public SourcePlace source(String name) {
      return sourcePlace();
    }

    @Override
    public StandbyPlace standby(String name, Purpose purpose) {
      return standbyPlace();
    }
  }

  SourcePlace sourcePlace() {
    HostileDisk disk = sourceDisk;
    return new SourcePlace() {
      @Override
      public String name() {
        return "the source";
      }

      @Override
      public String label() {
        return "vol0";
      }

      @Override
      public BlockDevice open() {
        BlockDevice volume = disk.device(VOLUME, 0);
        return shrinking ? shrinking(volume) : volume;
      }

      @Override
      public void checkSnapshot() {}

      @Override
      public @Nullable ChangeSource changesSince(StandbyEpoch basis, long size) {
        return hint;
      }

      @Override
      public Moment now() {
        return now;
      }

      @Override
      public void keepSnapshot(StandbyEpoch basis, StandbyEpoch next) {}

      @Override
      public void acknowledged(StandbyEpoch now) {}

      @Override
      public @Nullable Object writeStamp() {
        return null;
      }

      @Override
      public StateDirectory identity(boolean create) throws IOException {
        StateDirectory directory = disk.directory(IDENTITY);
        if (overtaken && create) {
          VolumeIdentity.random().store(directory);
        }
        return directory;
      }

      @Override
      public StateDirectory standby(UUID standby, boolean create) throws IOException {
        return disk.directory("standby-" + standby);
      }

      @Override
      public StateDirectory scratch() throws IOException {
        return disk.directory("scratch");
      }
    };
  }

  StandbyPlace standbyPlace() {
    HostileDisk disk = standbyDisk;
    boolean device = targetIsDevice;
    @Nullable Integer kept = keep;
    return new StandbyPlace() {
      @Override
      public String name() {
        return "the standby";
      }

      @Override
      public @Nullable BlockDevice open(boolean write) throws IOException {
        BlockDevice image = device ? disk.device(IMAGE, 0) : disk.file(IMAGE, 0);
        return image.size() == 0 ? null : image;
      }

      @Override
      public BlockDevice create(long size) throws IOException {
        BlockDevice image = disk.file(IMAGE, 0);
        image.resize(size);
        return image;
      }

      @Override
      public StateDirectory state(boolean create) throws IOException {
        return disk.directory(STATE);
      }

      @Override
      public @Nullable Integer keep() {
        return kept;
      }

      @Override
      public Moment now() {
        return now;
      }
    };
  }
}
