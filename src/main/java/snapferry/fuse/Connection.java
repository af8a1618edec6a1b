package snapferry.fuse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.FuseDevice;
import snapferry.posix.PosixException;
import snapferry.replicate.Monitor;

/**
 * The way to a mount: a new one, or one that an earlier server left to its holder.
 *
 * @param state what is agreed on with the kernel
 * @param devices a descriptor for each thread; what one thread has taken only this can answer
 * @param isHeld whether a holder has them too
 * @param tookOver whether the mount was there already
 */
record Connection(MountState state, List<FuseDevice> devices, boolean isHeld, boolean tookOver) {
  Connection {
    devices = List.copyOf(devices);
  }

  /**
   * Takes over what the holder has, or else mounts. The caller has the lock of the mount point's
   * directory, which the kernel frees only when no thread of an earlier server runs any more: so
   * none of its writes can come after ours.
   */
  static Connection open(
      MountPoint point,
      Holder holder,
      MountSettings settings,
      List<? extends ServedFile> files,
      Monitor monitor)
      throws IOException {
    Holder.Kept kept = holder.take();
    return kept != null
        ? takeOver(point, kept, settings, files, monitor)
        : mount(point, holder, settings, files, monitor);
  }

  private static Connection takeOver(
      MountPoint point,
      Holder.Kept kept,
      MountSettings settings,
      List<? extends ServedFile> files,
      Monitor monitor)
      throws IOException {
    Connection connection = new Connection(kept.state(), kept.devices(), true, true);
    try {
      if (!point.isOurs()) {
        throw new Failure(
            ExitCode.BUSY,
            "the last mount at "
                + point.path()
                + " was taken out of the tree (umount -l) but is still in use: end those who use it"
                + " (losetup -a), or abort it (/sys/fs/fuse/connections)");
      }
      kept.state().requireSame(settings, files);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
    if (kept.state().readOnly() != settings.readOnly()
        || kept.state().cache() != settings.cache()
        || kept.devices().size() != settings.threads()) {
      monitor.note(
          "the mount stays as it was made, "
              + (kept.state().readOnly() ? "read-only, " : "")
              + kept.state().cache()
              + ", "
              + kept.devices().size()
              + " threads, until it is unmounted");
    }
    return connection;
  }

  private static Connection mount(
      MountPoint point,
      Holder holder,
      MountSettings settings,
      List<? extends ServedFile> files,
      Monitor monitor)
      throws IOException {
    if (point.isOurs()) {
      monitor.warn(
          "a mount at "
              + point.path()
              + " was left behind by a server that died, and nothing held it: it is unmounted, and"
              + " who still uses it gets errors");
      Mounting.unmount(point, true);
    }
    point.requireFree();
    List<FuseDevice> devices = new ArrayList<>();
    devices.add(Mounting.mount(point, settings));
    try {
      Protocol protocol = Handshake.on(devices.get(0), settings.cache());
      clone(devices, settings.threads(), monitor);
      MountState state = MountState.of(protocol, settings, files);
      return new Connection(state, devices, keep(holder, state, devices, monitor), false);
    } catch (IOException e) {
      try {
        Mounting.unmount(point, true);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      close(devices);
      throw e;
    }
  }

  private static void clone(List<FuseDevice> devices, int threads, Monitor monitor) {
    try {
      while (devices.size() < threads) {
        devices.add(devices.get(0).another());
      }
    } catch (PosixException e) {
      monitor.note("requests are served by " + devices.size() + " threads: " + e.getMessage());
    }
  }

  private static boolean keep(
      Holder holder, MountState state, List<FuseDevice> devices, Monitor monitor) {
    var program = Holder.program();
    String why =
        "there is no native-helpers/fuse-holder, which scripts/build makes with a C compiler";
    if (program != null) {
      try {
        holder.keep(program, state, devices);
        return true;
      } catch (IOException e) {
        why = String.valueOf(e.getMessage());
      }
    }
    monitor.warn(
        "nothing holds the mount while no server runs: if this one is killed, who uses it"
            + " gets errors ("
            + why
            + ")");
    return false;
  }

  void close() throws IOException {
    close(devices);
  }

  private static void close(List<FuseDevice> devices) throws IOException {
    for (FuseDevice device : devices) {
      device.close();
    }
  }
}
