package snapferry.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.device.BlockDevice;
import snapferry.device.HostileDisk;
import snapferry.extent.Extent;

/** What a scan says of files with holes, of devices, and of what is shorter than its volume. */
@NullMarked
class ScanTest {
  private static final int SECTOR = 512;

  @Test
  void theSpansTileTheVolumeAndOnlyHolesAreSaidToBeZeros() throws IOException {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      byte[] content = holed(random, 1 + random.nextInt(40));
      BlockDevice file = file(content);
      long size = (long) SECTOR * (1 + random.nextInt(60));
      long at = 0;
      for (Span span : spans(new Scan(file, size), size)) {
        assertThat(span.extent().offset()).as("seed %d", seed).isEqualTo(at);
        for (long i = at; i < span.extent().end(); i += SECTOR) {
          Span.Kind kind =
              i < content.length && content[(int) i] != 0 ? Span.Kind.READ : Span.Kind.ZERO;
          assertThat(span.kind()).as("at %d of %d, seed %d", i, size, seed).isEqualTo(kind);
        }
        at = span.extent().end();
      }
      assertThat(at).as("the end, seed %d", seed).isEqualTo(size);
    }
  }

  @Test
  void aSpanMayBeAskedForFromItsMiddle() throws IOException {
    byte[] content = new byte[8 * SECTOR];
    content[4 * SECTOR] = 1;
    content[5 * SECTOR] = 1;
    Scan scan = new Scan(file(content), content.length);
    assertThat(scan.next(2 * SECTOR)).isEqualTo(span(2, 4, Span.Kind.ZERO));
    assertThat(scan.next(5 * SECTOR)).isEqualTo(span(5, 6, Span.Kind.READ));
    assertThat(scan.next(0)).as("behind the last").isEqualTo(span(0, 4, Span.Kind.ZERO));
    assertThat(scan.next(7 * SECTOR)).isEqualTo(span(7, 8, Span.Kind.ZERO));
  }

  @Test
  void aDeviceIsReadWholeAndNothingBeyondItsEnd() throws IOException {
    BlockDevice device = new HostileDisk().device("sdb", 6 * SECTOR);
    assertThat(spans(new Scan(device, 4 * SECTOR), 4 * SECTOR))
        .as("a device larger than the volume")
        .containsExactly(span(0, 4, Span.Kind.READ));
    assertThat(spans(new Scan(device, 9 * SECTOR), 9 * SECTOR))
        .as("a device shorter than the volume")
        .containsExactly(span(0, 6, Span.Kind.READ), span(6, 9, Span.Kind.ZERO));
  }

  private static Span span(int from, int to, Span.Kind kind) {
    return new Span(new Extent((long) from * SECTOR, (long) (to - from) * SECTOR), kind);
  }

  private static BlockDevice file(byte[] content) {
    HostileDisk disk = new HostileDisk();
    disk.preload("image", content);
    return disk.file("image", 0);
  }

  private static byte[] holed(Random random, int sectors) {
    byte[] content = new byte[sectors * SECTOR];
    boolean hole = random.nextBoolean();
    for (int i = 0; i < sectors; i++) {
      hole = random.nextInt(4) == 0 ? !hole : hole;
      content[i * SECTOR] = (byte) (hole ? 0 : 1);
    }
    return content;
  }

  private static List<Span> spans(Scan scan, long size) throws IOException {
    List<Span> spans = new ArrayList<>();
    for (long at = 0; at < size; ) {
      Span span = scan.next(at);
      spans.add(span);
      at = span.extent().end();
    }
    return spans;
  }
}
