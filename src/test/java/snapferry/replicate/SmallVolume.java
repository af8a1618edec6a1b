package snapferry.replicate;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import snapferry.extent.BlockSize;
import snapferry.journal.StateFiles;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * A volume of which there is little to say, so that every byte that is said of it can be tried:
 * five blocks and a bit, each page of one letter.
 */
@NullMarked
final class SmallVolume {
  static final Wishes FULL = new Wishes(false, false, true, false, null, null);
  static final int BLOCK = 8192;

  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, false, null, new BlockSize(BLOCK));

  final byte[] old = content();
  final byte[] next = changed(old);

  /** A standby of epoch 1, and a source with the next content that knows its signature. */
  Rig cached() throws IOException {
    Rig rig = new Rig();
    rig.source(old);
    rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
    rig.source(next);
    return rig;
  }

  /** The same, but the source lost the signature, and asks for it. */
  Rig stored() throws IOException {
    Rig rig = cached();
    StateFile.of(rig.sourceDisk, rig.sourceRecord(), StateFiles.MANIFEST).delete();
    return rig;
  }

  private static byte[] content() {
    byte[] content = new byte[5 * BLOCK + 3 * BlockSize.SECTOR];
    for (int at = 2 * BlockSize.PAGE; at < content.length; at++) {
      content[at] = (byte) ('a' + at / BlockSize.PAGE);
    }
    return content;
  }

  /** One block changes, one becomes something, one becomes zeros, and the short one changes. */
  private static byte[] changed(byte[] old) {
    byte[] next = old.clone();
    next[20] = 1;
    next[2 * BLOCK + 4097] = 2;
    Arrays.fill(next, 3 * BLOCK, 4 * BLOCK, (byte) 0);
    next[next.length - 1] = 3;
    return next;
  }
}
