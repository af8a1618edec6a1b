package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import snapferry.extent.BlockSize;
import snapferry.journal.Manifest;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** A standby that keeps what it takes to go back, and what it held at each of its epochs. */
@NullMarked
final class KeptEpochs {
  static final int BLOCK = 8192;
  static final int SIZE = 9 * BLOCK + 3 * BlockSize.SECTOR;

  private static final Wishes FIRST =
      new Wishes(false, false, false, false, null, new BlockSize(BLOCK));
  private static final Wishes NEXT = new Wishes(false, true, false, true, null, null);

  private final Rig rig;
  private final List<byte[]> contents;

  private KeptEpochs(Rig rig, List<byte[]> contents) {
    this.rig = rig;
    this.contents = contents;
  }

  /**
   * So many epochs of one size.
   *
   * @param keep for how many epochs to keep what it takes to go back
   */
  static KeptEpochs make(Random random, int epochs, int keep) throws IOException {
    KeptEpochs made = new KeptEpochs(new Rig(), new ArrayList<>());
    made.rig.keep = keep;
    made.push(Volumes.random(random, SIZE), FIRST);
    for (int epoch = 2; epoch <= epochs; epoch++) {
      made.push(Volumes.edited(random, made.content(epoch - 1), 3));
    }
    return made;
  }

  /** The same on what {@code disk} tells of the rig. */
  KeptEpochs on(Rig other) {
    return new KeptEpochs(other, new ArrayList<>(contents));
  }

  /** A copy of what is durable; this one can do nothing more. */
  KeptEpochs copy() {
    return on(rig.copy());
  }

  Rig rig() {
    return rig;
  }

  /** The next epoch, which may be larger, and whose standby may have been rolled back. */
  void push(byte[] content) throws IOException {
    push(content, NEXT);
  }

  private void push(byte[] content, Wishes wishes) throws IOException {
    rig.source(content);
    assertThat(rig.push(Purpose.REPLICATE, wishes).epoch()).isEqualTo(contents.size() + 1);
    contents.add(content);
  }

  /** What the image held at {@code epoch}. */
  byte[] content(long epoch) {
    return contents.get((int) epoch - 1);
  }

  /** The last epoch that was made. */
  long last() {
    return contents.size();
  }

  /** The epoch that the standby holds, once it is recovered. */
  long epoch() throws IOException {
    try (Standby standby = rig.open()) {
      return Objects.requireNonNull(standby.manifest(), "a standby").epoch();
    }
  }

  /** Goes back to {@code epoch}. */
  void rollBack(long epoch) throws IOException {
    try (Standby standby = rig.open()) {
      Rollback.prepare(standby, epoch, Monitor.SILENT).run();
    }
    contents.add(content(epoch));
  }

  /** The image is what it was at {@code epoch}, in every respect. */
  void check(long epoch, String what) throws IOException {
    assertThat(rig.image()).as(what).isEqualTo(content(epoch));
    try (Standby standby = rig.open()) {
      Manifest manifest = Objects.requireNonNull(standby.manifest(), what);
      assertThat(manifest.shape().geometry().size()).as(what).isEqualTo(content(epoch).length);
      assertThat(ImageVerification.verify(standby, Monitor.SILENT).isSound()).as(what).isTrue();
    }
  }

  /** From here it goes back to {@code epoch}, and that is what it was. */
  void checkGoesBack(long epoch, String what) throws IOException {
    KeptEpochs tried = copy();
    tried.rollBack(epoch);
    tried.check(epoch, what + ", rolled back to " + epoch);
  }
}
