package snapferry.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * Fuzz target: a DELTA frame with a right checksum. Its first byte picks who reads it; the rest is
 * the payload. Whatever the decoder shows lies within the volume, the frame and the literal bytes.
 */
@NullMarked
public final class DeltaFuzz {
  /** Three blocks of two pages; the last has one page and a sector. */
  private static final Geometry SMALL = new Geometry(2 * 8192 + 4096 + 512, new BlockSize(8192));

  private static final Geometry LARGE = new Geometry(1L << 44, BlockSize.DEFAULT);

  private record Reader(Geometry geometry, HashKind hash, DeltaDecoder decoder) {
    Reader(Geometry geometry, HashKind hash, boolean copies) {
      this(geometry, hash, new DeltaDecoder(geometry, hash, copies));
    }
  }

  private static final Reader[] READERS = {
    new Reader(SMALL, HashKind.FAST128, true),
    new Reader(SMALL, HashKind.SHA256, false),
    new Reader(LARGE, HashKind.FAST128, true),
    new Reader(LARGE, HashKind.FAST128, false)
  };

  private DeltaFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Reader reader = READERS[input[0] & 3];
    ByteBuffer payload = LittleEndian.heap(input.length - 1).put(input, 1, input.length - 1).flip();
    try {
      reader.decoder.reset(payload);
      for (long last = -1; reader.decoder.next(); last = reader.decoder.block()) {
        check(reader, last);
      }
    } catch (IOException e) {
      // Refused: as it should be.
    }
  }

  private static void check(Reader reader, long last) {
    DeltaDecoder decoder = reader.decoder;
    long block = decoder.block();
    require(block > last && block < reader.geometry.blocks(), "blocks ascend within the volume");
    require(decoder.pages() == reader.geometry.pages(block), "pages of the block");
    Objects.checkFromIndexSize(
        decoder.literalsAt(), decoder.literalsLength(), decoder.literals().limit());
    Objects.checkFromIndexSize(decoder.hashAt(), reader.hash.length(), decoder.hash().limit());
    for (int page = 0; page < decoder.pages(); page++) {
      if (decoder.ops()[page] == PageRuns.COPY) {
        Objects.checkFromIndexSize(
            decoder.sources()[page],
            reader.geometry.pageLength(block, page),
            reader.geometry.size());
      }
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
