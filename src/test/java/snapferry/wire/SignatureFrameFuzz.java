package snapferry.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * Fuzz target: a SIGNATURE frame with a right checksum. Whatever the decoder shows lies within the
 * volume and the frame.
 */
@NullMarked
public final class SignatureFrameFuzz {
  private static final Geometry GEOMETRY = new Geometry(7 * 8192 + 512, new BlockSize(8192));
  private static final SignatureShape SHAPE =
      new SignatureShape(GEOMETRY, HashKind.FAST128, new SignatureShape.Key(1, 2));
  private static final SignatureDecoder DECODER = new SignatureDecoder(SHAPE);

  private SignatureFrameFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    ByteBuffer payload = LittleEndian.wrap(input);
    try {
      DECODER.reset(payload);
      while (DECODER.next()) {
        Objects.checkIndex(DECODER.block(), GEOMETRY.blocks());
        Objects.checkFromIndexSize(DECODER.entryAt(), SHAPE.entryLength(), input.length);
      }
    } catch (IOException e) {
      // Refused: as it should be.
    }
  }
}
