package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/** What signatures that are compared must have in common. */
class SignatureShapeTest {
  private static final Geometry GEOMETRY = new Geometry(1 << 20, new BlockSize(4096));

  private static SignatureShape shape(Geometry geometry, HashKind hash, long k0, long k1) {
    return new SignatureShape(geometry, hash, new SignatureShape.Key(k0, k1));
  }

  @Test
  void shapesAreEqualWhenAllPartsAre() {
    SignatureShape shape = shape(GEOMETRY, HashKind.FAST128, 1, 2);
    SignatureShape same = shape(new Geometry(1 << 20, new BlockSize(4096)), HashKind.FAST128, 1, 2);
    assertThat(shape).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(shape)
        .isNotEqualTo(shape(GEOMETRY, HashKind.FAST128, 1, 3))
        .isNotEqualTo(shape(GEOMETRY, HashKind.FAST128, 3, 2))
        .isNotEqualTo(shape(GEOMETRY, HashKind.SHA256, 1, 2))
        .isNotEqualTo(shape(new Geometry(2 << 20, new BlockSize(4096)), HashKind.FAST128, 1, 2))
        .isNotEqualTo(shape(new Geometry(1 << 20, new BlockSize(8192)), HashKind.FAST128, 1, 2))
        .isNotEqualTo(shape.key());
    assertThat(shape.key()).isNotEqualTo(new SignatureShape.Key(2, 1)).isNotEqualTo(shape);
  }

  @ParameterizedTest
  @EnumSource(HashKind.class)
  void hashesAreTheSameWhenAllTheirBytesAre(HashKind hash) {
    ByteBuffer one = LittleEndian.heap(8 + hash.length()).put(0, (byte) 9);
    ByteBuffer other = LittleEndian.heap(hash.length());
    assertThat(hash.same(one, 8, other, 0)).isTrue();
    for (int at = 0; at < hash.length(); at++) {
      other.put(at, (byte) 1);
      assertThat(hash.same(one, 8, other, 0)).as("byte %d differs", at).isFalse();
      other.put(at, (byte) 0);
    }
  }
}
