package snapferry.replicate;

import java.io.IOException;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * A source and a standby on a hostile disk each, with a line in memory between them: everything but
 * the disks is the product's own.
 */
@NullMarked
final class Rig {
  static final Session.Settings SETTINGS = new Session.Settings(20, 0, true, "test");
  private static final String VOLUME = "volume";
  private static final String IMAGE = "image";

  HostileDisk sourceDisk = new HostileDisk();
  HostileDisk standbyDisk = new HostileDisk();
  boolean targetIsDevice;

  /** Gives the source this content. */
  void source(byte[] content) {
    sourceDisk.preload(VOLUME, content);
  }

  /** Gives the standby an image with this content, which belongs to no lineage. */
  void bareImage(byte[] content) {
    standbyDisk.preload(IMAGE, content);
  }

  byte[] image() {
    return standbyDisk.content(IMAGE);
  }

  /** Both ends after a power cut: what was not durable is gone, as far as luck goes. */
  Rig rebooted(Random random) {
    Rig rebooted = new Rig();
    rebooted.sourceDisk = sourceDisk.reboot(random);
    rebooted.standbyDisk = standbyDisk.reboot(random);
    rebooted.targetIsDevice = targetIsDevice;
    return rebooted;
  }

  Summary replicate() throws IOException {
    return push(Purpose.REPLICATE, Wishes.NONE);
  }

  /** One session: the source is the client. */
  Summary push(Purpose purpose, Wishes wishes) throws IOException {
    Ends[] ends = Ends.pair();
    CompletableFuture<Void> server =
        CompletableFuture.runAsync(
            () -> {
              try (Session session = new Session(ends[1], SETTINGS, Monitor.SILENT)) {
                session.serve(new Served());
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            task -> {
              Thread thread = new Thread(task, "server");
              thread.setDaemon(true);
              thread.start();
            });
    try (Session session = new Session(ends[0], SETTINGS, Monitor.SILENT)) {
      return session.push("", sourcePlace(), purpose, wishes);
    } finally {
      server.handle((done, failure) -> null).join();
    }
  }

  /** One session: the standby is the client. */
  Summary pull(Purpose purpose, Wishes wishes) throws IOException {
    Ends[] ends = Ends.pair();
    CompletableFuture<Void> server =
        CompletableFuture.runAsync(
            () -> {
              try (Session session = new Session(ends[1], SETTINGS, Monitor.SILENT)) {
                session.serve(new Served());
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            });
    try (Session session = new Session(ends[0], SETTINGS, Monitor.SILENT)) {
      return session.pull("", standbyPlace(), purpose, wishes);
    } finally {
      server.handle((done, failure) -> null).join();
    }
  }

  /** Opens the standby as the next run would, which recovers it. */
  Standby open() throws IOException {
    return Standby.open(standbyPlace(), false, Monitor.SILENT);
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
        return disk.device(VOLUME, 0);
      }

      @Override
      public @Nullable Object writeStamp() {
        return null;
      }

      @Override
      public StateDirectory identity(boolean create) throws IOException {
        return disk.directory("identity");
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
        return disk.directory("state");
      }
    };
  }
}
