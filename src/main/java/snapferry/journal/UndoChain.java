package snapferry.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import snapferry.codec.FormatException;
import snapferry.delta.RootHash;
import snapferry.device.StateDirectory;

/**
 * The undo records that lead back from the epoch of a manifest, each from where the one before it
 * ends: by the number of the epoch and by its root. A record that belongs elsewhere, as of an epoch
 * that was never committed, has another root and leads nowhere.
 *
 * @param links from the newest on; of each only the header was looked at
 * @param end why it goes no further back, in words
 * @param broken whether there is a record that should lead further back, and cannot be used
 */
public record UndoChain(List<UndoHeader> links, String end, boolean broken) {
  public UndoChain {
    links = List.copyOf(links);
  }

  /** The chain from {@code manifest} on, which holds an epoch. */
  public static UndoChain of(StateDirectory directory, Manifest manifest) throws IOException {
    List<UndoHeader> links = new ArrayList<>();
    long epoch = manifest.epoch();
    RootHash root = manifest.root();
    while (directory.exists(StateFiles.undo(epoch))) {
      UndoHeader header;
      try {
        header = UndoReader.look(directory, epoch);
      } catch (FormatException e) {
        return new UndoChain(links, String.valueOf(e.getMessage()), true);
      }
      boolean fits =
          header.epoch() == epoch
              && header.root().equals(root)
              && header.volume().equals(manifest.volume());
      if (!fits) {
        String end = StateFiles.undo(epoch) + ": undo record that does not undo epoch " + epoch;
        return new UndoChain(links, end, true);
      }
      links.add(header);
      epoch = header.baseEpoch();
      root = header.baseRoot();
    }
    String end = epoch == 1 ? "it is the first" : "nothing is kept of what was before";
    return new UndoChain(links, end, false);
  }

  /** How many epochs the last run was to keep; 0 if none. */
  public int keep() {
    return links.isEmpty() ? 0 : links.get(0).keep();
  }

  /**
   * The records that lead back to {@code epoch}, the newest first; empty if they do not lead there.
   */
  public List<UndoHeader> to(long epoch) {
    for (int i = 0; i < links.size(); i++) {
      if (links.get(i).baseEpoch() == epoch) {
        return links.subList(0, i + 1);
      }
    }
    return List.of();
  }
}
