package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;
import snapferry.device.BlockDevice;
import snapferry.device.DeviceView;

/**
 * One reading of a volume for several runs that go through it side by side: whoever is ahead reads
 * a piece from the device and leaves it in a ring, where the others find it.
 *
 * <pre>
 *  ahead         ─▶ device ─▶ piece ─▶ ring of 64 pieces: the oldest makes room
 *  close behind  ◀─ found ◀─────────────┘
 *  far behind    ─▶ device                                 nobody waits for it
 * </pre>
 *
 * <p>Nobody waits for another but for a read that is under way. Each run has the device open by
 * itself: who is cut off while it reads takes nothing from the others, and of what cannot be read
 * everybody learns by reading it, so that it is the same error for all.
 *
 * <p>A piece is copied in and out, and none is overwritten while somebody copies it. Memory is that
 * of the ring, 16 MiB, made as it fills, however large the volume and however many the runs. To
 * copy what nobody comes for is waste: who left a ring full of pieces for nothing leaves only a
 * sample from then on, until one of them is found.
 *
 * <p>What the page cache is to forget ({@link snapferry.device.CacheUse#DROP}) is forgotten behind
 * each read, also where somebody is far behind and gets it from the disk once more: to keep it for
 * that one would be to fill the memory of the host with all of the volume that lies between them.
 */
final class SharedReading {
  /** Bytes of a piece, which begins and ends at multiples of it, or where a read does. */
  static final int PIECE = 256 << 10;

  /** Pieces in the ring: more than the workers of a few runs have in work. */
  static final int PIECES = 64;

  /** Who leaves a sample leaves one of so many. */
  private static final int SAMPLE = 16;

  private final boolean frozen;
  private final Piece[] ring = new Piece[PIECES];
  private int oldest;

  /** A place in the ring. What changes does so under the lock of the ring, but for the bytes. */
  private static final class Piece {
    private final ByteBuffer bytes = LittleEndian.direct(PIECE);
    private @Nullable Reads by;
    private long offset;
    private int length;
    private long begun;
    private boolean arriving;
    private boolean found;
    private int copying;

    boolean holds(long from, int count) {
      return offset <= from && from + count <= offset + length;
    }
  }

  /**
   * @param frozen whether the volume stays as it is; where it does not, nobody gets what was read
   *     before it came
   */
  SharedReading(boolean frozen) {
    this.frozen = frozen;
  }

  /** Takes part, by a device of its own, which is closed with what this gives. */
  Reads by(BlockDevice device) {
    return new Reads(device);
  }

  /** The volume, as one of the runs reads it. */
  final class Reads extends DeviceView {
    private final long came = System.nanoTime();
    private int leftForNothing;
    private int sample;
    private long found;

    private Reads(BlockDevice device) {
      super(device);
    }

    /** Bytes that others had read. */
    long found() {
      synchronized (ring) {
        return found;
      }
    }

    @Override
    public void read(long offset, ByteBuffer destination) throws IOException {
      int end = destination.limit();
      for (long at = offset; destination.position() < end; ) {
        int count = (int) Math.min(end - destination.position(), PIECE - at % PIECE);
        readPiece(at, destination.limit(destination.position() + count));
        destination.limit(end);
        at += count;
      }
    }

    private void readPiece(long offset, ByteBuffer destination) throws IOException {
      int length = destination.remaining();
      @Nullable Piece there;
      @Nullable Piece place = null;
      synchronized (ring) {
        there = find(offset, length);
        if (there != null) {
          there.copying++;
        } else if (leaves()) {
          place = place(offset, length);
        }
      }
      if (there != null) {
        copy(there, offset, destination);
      } else if (place != null) {
        readInto(place, destination);
      } else {
        device().read(offset, destination);
      }
    }

    /** What holds the bytes, once it has arrived; null if nothing does. */
    private @Nullable Piece find(long offset, int length) throws IOException {
      for (int i = 0; i < PIECES; i++) {
        @Nullable Piece piece = ring[i];
        boolean fits =
            piece != null && piece.holds(offset, length) && (frozen || piece.begun - came >= 0);
        if (piece != null && fits && !piece.arriving) {
          return piece;
        }
        if (fits) {
          await();
          i = -1; // It may be another's by now.
        }
      }
      return null;
    }

    private void await() throws ClosedByInterruptException {
      try {
        ring.wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClosedByInterruptException();
      }
    }

    private boolean leaves() {
      return leftForNothing < PIECES || ++sample % SAMPLE == 0;
    }

    /** The place of the oldest piece that nobody is at; null if there is somebody at each. */
    private @Nullable Piece place(long offset, int length) {
      for (int tries = 0; tries < PIECES; tries++) {
        int here = oldest;
        oldest = (oldest + 1) % PIECES;
        Piece piece = ring[here] == null ? new Piece() : ring[here];
        ring[here] = piece;
        if (!piece.arriving && piece.copying == 0) {
          if (piece.by != null && piece.length > 0 && !piece.found) {
            piece.by.leftForNothing++;
          }
          piece.by = this;
          piece.offset = offset;
          piece.length = length;
          piece.begun = System.nanoTime();
          piece.arriving = true;
          piece.found = false;
          return piece;
        }
      }
      return null;
    }

    private void copy(Piece piece, long offset, ByteBuffer destination) {
      int length = destination.remaining();
      destination.put(destination.position(), piece.bytes, (int) (offset - piece.offset), length);
      destination.position(destination.limit());
      synchronized (ring) {
        piece.copying--;
        found += length;
        piece.found = true;
        if (piece.by != null) {
          piece.by.leftForNothing = 0;
        }
      }
    }

    private void readInto(Piece piece, ByteBuffer destination) throws IOException {
      int start = destination.position();
      boolean read = false;
      try {
        device().read(piece.offset, destination);
        piece.bytes.put(0, destination, start, piece.length);
        read = true;
      } finally {
        synchronized (ring) {
          piece.arriving = false;
          piece.length = read ? piece.length : 0;
          ring.notifyAll();
        }
      }
    }
  }
}
