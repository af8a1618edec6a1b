package snapferry.replicate;

import java.util.concurrent.atomic.AtomicBoolean;
import snapferry.codec.Lz4;
import snapferry.delta.BlockSigner;
import snapferry.delta.HashKind;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.posix.Descriptor;

/**
 * Loads what takes long to load, native code above all, before it is needed: while the far end
 * starts, when one core of two would else wait, while a seed comes in, and hashes at a far end that
 * waits for a plan.
 */
public final class Preload {
  private static final SignatureShape ANY =
      new SignatureShape(
          new Geometry(BlockSize.SECTOR, BlockSize.DEFAULT),
          HashKind.FAST128,
          new SignatureShape.Key(0, 0));

  private static final AtomicBoolean STARTED = new AtomicBoolean();

  private Preload() {}

  /**
   * Begins, in the background; once, however many sessions there are. What cannot be loaded is
   * found out where it is needed.
   */
  public static void start() {
    if (STARTED.getAndSet(true)) {
      return;
    }
    Thread thread = new Thread(Preload::run, "snapferry-preload");
    thread.setDaemon(true);
    thread.start();
  }

  /** Loads at once what blocks are hashed with. */
  static void hashing() {
    try {
      new BlockSigner(ANY);
    } catch (LinkageError e) {
      // Not here: who needs it says what is missing.
    }
  }

  private static void run() {
    hashing();
    try {
      Descriptor.load();
      Lz4.implementation();
    } catch (LinkageError e) {
      // As above.
    }
  }
}
