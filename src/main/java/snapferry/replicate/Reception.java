package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.wire.Ack;
import snapferry.wire.DeltaDecoder;
import snapferry.wire.End;
import snapferry.wire.State;

/**
 * What becomes of the blocks that come in: they seed an image, are staged for a standing one, or
 * are not wanted.
 */
interface Reception extends Closeable {
  /**
   * Takes the block that {@code delta} is at.
   *
   * @param repeated whether it came before and did not come out as its hash says
   * @return false if the block did not come out as its hash says, and must come again, whole
   */
  boolean block(DeltaDecoder delta, boolean repeated) throws IOException;

  /**
   * These blocks become zeros.
   *
   * @param repeated whether they come again
   */
  void zeros(long first, long count, boolean repeated) throws IOException;

  /**
   * Everything came: proves the root, makes the epoch durable and the image hold it.
   *
   * @throws snapferry.failure.Failure with {@link snapferry.failure.ExitCode#INTEGRITY} when the
   *     root is another
   */
  Ack complete(End end) throws IOException;

  /**
   * Where the signature of the image, entries and tree, is kept that is read for the source; null
   * to keep none.
   */
  @Nullable Signature rebuilt();

  /** Nothing is expected: a dry run or a verification. */
  static Reception look(State state) {
    return new Reception() {
      @Override
      public boolean block(DeltaDecoder delta, boolean repeated) throws IOException {
        throw new FormatException("DELTA in a session that only looks");
      }

      @Override
      public void zeros(long first, long count, boolean repeated) throws IOException {
        throw new FormatException("ZERO in a session that only looks");
      }

      @Override
      public Ack complete(End end) {
        State.Lineage lineage = state.lineage();
        return lineage == null
            ? new Ack(0, RootHash.NONE, 0, 0, 0)
            : new Ack(lineage.epoch(), lineage.root(), 0, 0, 0);
      }

      @Override
      public @Nullable Signature rebuilt() {
        return null;
      }

      @Override
      public void close() {}
    };
  }
}
