package snapferry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import snapferry.delta.SignatureShape;

/**
 * An image and its signature in memory: what journals are replayed into, and what they are held
 * against.
 */
final class VolumeState implements Replay {
  final byte[] image;
  final byte[] entries;
  final Map<String, String> nodes = new TreeMap<>();
  private final SignatureShape shape;

  /** How many calls the replay made. */
  int calls;

  /** How many of them were {@link #literal}. */
  int literals;

  VolumeState(SignatureShape shape) {
    this.shape = shape;
    this.image = new byte[(int) shape.geometry().size()];
    this.entries = new byte[(int) shape.geometry().blocks() * shape.entryLength()];
  }

  VolumeState copy() {
    VolumeState copy = new VolumeState(shape);
    System.arraycopy(image, 0, copy.image, 0, image.length);
    System.arraycopy(entries, 0, copy.entries, 0, entries.length);
    copy.nodes.putAll(nodes);
    return copy;
  }

  void assertHolds(VolumeState expected, String description) {
    assertThat(Arrays.mismatch(image, expected.image)).as("image, %s", description).isEqualTo(-1);
    assertThat(Arrays.mismatch(entries, expected.entries))
        .as("entries, %s", description)
        .isEqualTo(-1);
    assertThat(nodes).as("nodes, %s", description).isEqualTo(expected.nodes);
  }

  @Override
  public void literal(long offset, ByteBuffer bytes) {
    calls++;
    literals++;
    bytes.get(image, (int) offset, bytes.remaining());
  }

  @Override
  public void zero(long offset, long length) {
    calls++;
    Arrays.fill(image, (int) offset, (int) (offset + length), (byte) 0);
  }

  @Override
  public void entry(long block, ByteBuffer entry) {
    calls++;
    assertThat(entry.remaining()).isEqualTo(shape.entryLength());
    entry.get(entries, (int) block * shape.entryLength(), shape.entryLength());
  }

  @Override
  public void zeroEntries(long first, long count) {
    calls++;
    int from = (int) first * shape.entryLength();
    Arrays.fill(entries, from, from + (int) count * shape.entryLength(), (byte) 0);
  }

  @Override
  public void node(int level, long index, ByteBuffer node) {
    calls++;
    byte[] bytes = new byte[node.remaining()];
    node.get(bytes);
    nodes.put(level + "/" + index, HexFormat.of().formatHex(bytes));
  }
}
