package snapferry.fuse;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;

/** Shows files in a mount and answers the kernel's requests for them. */
@SuppressWarnings("DoNotCallSuggester") // until the protocol is there
public final class FuseServer implements Closeable {
  private FuseServer() {}

  /**
   * Mounts, or takes over the mount that an earlier server of the same files left behind when it
   * died. Nothing is answered before {@link #run}.
   *
   * @param files at least one, of different names; in the same order whenever the mount is taken
   *     over
   * @param monitor is told what is worth knowing, by any thread
   * @throws Failure {@link ExitCode#LOCKED} if the mount is being served already, {@link
   *     ExitCode#BUSY} if something else is mounted there, {@link ExitCode#LINEAGE} if the mount
   *     that was left behind shows other files
   */
  public static FuseServer open(
      MountSettings settings, List<? extends ServedFile> files, Monitor monitor)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Whether the mount was there already, with whatever waits for it. */
  public boolean tookOver() {
    throw new UnsupportedOperationException();
  }

  /** Answers requests until the mount is gone. */
  public void run() throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Unmounts, which ends {@link #run}; does nothing when the mount is gone. May be called by any
   * thread.
   *
   * @throws Failure {@link ExitCode#BUSY} if the mount is in use. It is still there and served
   */
  @Override
  public void close() throws IOException {
    throw new UnsupportedOperationException();
  }
}
