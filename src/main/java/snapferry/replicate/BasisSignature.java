package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.delta.BasisSums;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;

/**
 * What the sender compares with: the signature of what the standby holds now. Wherever it comes
 * from, the same code compares with it. Safe for use by several threads.
 */
interface BasisSignature extends BasisSums, Closeable {
  /** Waits until everything before block {@code end} is known. */
  void await(long end) throws IOException;

  /** Puts the hashes of {@code count} blocks from {@code first} on into {@code into}. */
  void hashes(long first, int count, ByteBuffer into) throws IOException;

  /** Whether it is {@code signature} itself, and not only equal to it. */
  default boolean is(@Nullable Signature signature) {
    return false;
  }

  /** The standby is known to hold only zeros. */
  static BasisSignature zero(SignatureShape shape) {
    return new BasisSignature() {
      @Override
      public void await(long end) {}

      @Override
      public long known() {
        return shape.geometry().blocks();
      }

      @Override
      public void hashes(long first, int count, ByteBuffer into) {
        clear(into, count * shape.hash().length());
      }

      @Override
      public void pageSums(long first, int count, ByteBuffer into) {
        clear(into, count * shape.pageSumsLength());
      }

      private void clear(ByteBuffer into, int length) {
        for (int end = into.position() + length; into.position() < end; ) {
          into.put((byte) 0);
        }
      }

      @Override
      public long nextNonZero(long from, long limit) {
        return limit;
      }

      @Override
      public void close() {}
    };
  }

  /** Our own signature of the epoch that both ends agree on. Stays open when this is closed. */
  static BasisSignature cached(Signature signature) {
    return new BasisSignature() {
      @Override
      public boolean is(@Nullable Signature other) {
        return other == signature;
      }

      @Override
      public void await(long end) {}

      @Override
      public long known() {
        return signature.shape().geometry().blocks();
      }

      @Override
      public void hashes(long first, int count, ByteBuffer into) throws IOException {
        signature.hashes(first, count, into);
      }

      @Override
      public void pageSums(long first, int count, ByteBuffer into) throws IOException {
        signature.pageSums(first, count, into);
      }

      @Override
      public long nextNonZero(long from, long limit) throws IOException {
        return signature.nextNonZero(from, limit);
      }

      @Override
      public void close() {}
    };
  }
}
