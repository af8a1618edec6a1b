package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeSource;
import snapferry.change.Span;
import snapferry.delta.MatchLimits;
import snapferry.lvm.ChangesMode;
import snapferry.lvm.KeepLimit;
import snapferry.lvm.SnapshotMode;
import snapferry.lvm.SnapshotSettings;
import snapferry.lvm.SourceSnapshots;
import snapferry.replicate.ForwardingSnapshot;
import snapferry.replicate.LocalSourcePlace;
import snapferry.replicate.Monitor;
import snapferry.replicate.Notes;
import snapferry.replicate.Session;
import snapferry.replicate.Snapshot;
import snapferry.replicate.Snapshots;
import snapferry.replicate.SourceReading;
import snapferry.replicate.StandbyEpoch;
import snapferry.replicate.Summary;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * Runs of one volume in this process. After each, the standby is compared with the snapshot that
 * was read, and what became of it since the epoch before with what the change source named.
 */
@NullMarked
final class LabRuns {
  private static final int PIECE = 256 << 10;

  static final long BLOCK = 64 << 10;

  private final Lab lab;
  private final Path directory;
  private final Path volume;
  private final Notes notes = new Notes();
  private @Nullable ChangeSource named;

  LabRuns(Lab lab, Path directory, String volume) {
    this.lab = lab;
    this.directory = directory;
    this.volume = Path.of(volume);
  }

  /**
   * Runs that keep a snapshot for {@code changes}, and have {@code mib} for what is overwritten.
   */
  SnapshotSettings settings(ChangesMode changes, int mib) {
    return new SnapshotSettings(
        SnapshotMode.LVM,
        (long) mib << 20,
        null,
        lab.sumOfSnapshot(),
        60,
        changes,
        KeepLimit.DEFAULT);
  }

  /** What the last run warned of. */
  List<String> warnings() {
    return notes.warnings;
  }

  /** Replicates the volume. */
  Summary push(SnapshotSettings settings, String standby) throws Exception {
    return push(settings, standby, Wishes.NONE);
  }

  /** As above, and as the operator wishes. */
  Summary push(SnapshotSettings settings, String standby, Wishes wishes) throws Exception {
    Path state = directory.resolve("state");
    Path image = directory.resolve(standby);
    lab.sh("rm -f before; [ ! -e %1$s ] || cp --sparse=always %1$s before".formatted(standby));
    notes.warnings.clear();
    named = null;
    Summary summary;
    try (LocalSourcePlace place =
        new LocalSourcePlace(
            volume,
            state,
            new Watched(new SourceSnapshots(settings, state, notes)),
            SourceReading.DEFAULT,
            notes)) {
      summary =
          new LocalPair(
                  volume,
                  place,
                  image,
                  state,
                  Keeping.DEFAULT,
                  null,
                  new Session.Settings(60, 0, true, MatchLimits.DEFAULT, null, "lab"))
              .run(Purpose.REPLICATE, wishes, notes, new Interruption());
    }
    assertThat(lab.sum(image)).as("epoch %s", summary.epoch()).isEqualTo(lab.frozenSum());
    @Nullable ChangeSource hint = named;
    assertThat(hint == null).isEqualTo(summary.changeSource().equals("scan"));
    if (hint != null) {
      assertNamedAllThatDiffers(hint, image, summary);
      assertReadLittle(summary);
    }
    return summary;
  }

  /**
   * What a scan can find is what differs between this epoch and the last: all of that must lie in
   * what was named, and what was named as zeros must be zeros.
   */
  private void assertNamedAllThatDiffers(ChangeSource hint, Path image, Summary summary)
      throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(PIECE);
    ByteBuffer old = ByteBuffer.allocate(PIECE);
    ByteBuffer now = ByteBuffer.allocate(PIECE);
    try (FileChannel before = FileChannel.open(directory.resolve("before"));
        FileChannel after = FileChannel.open(image)) {
      for (long at = 0, end; at < after.size(); at = end) {
        Span span = hint.next(at);
        end = span.extent().end();
        if (span.kind() == Span.Kind.READ) {
          continue;
        }
        end = Math.min(end, at + PIECE);
        read(after, at, now.limit((int) (end - at)));
        if (span.kind() == Span.Kind.UNCHANGED) {
          read(before, at, old.limit(now.limit()));
        }
        int differs =
            now.mismatch((span.kind() == Span.Kind.ZERO ? zeros : old).limit(now.limit()));
        assertThat(differs)
            .as("epoch %s: what differs from offset %s on, %s", summary.epoch(), at, span.kind())
            .isEqualTo(-1);
      }
    }
  }

  private static void read(FileChannel file, long at, ByteBuffer into) throws IOException {
    into.rewind();
    while (into.hasRemaining()) {
      assertThat(file.read(into, at + into.position())).isPositive();
    }
    into.rewind();
  }

  /** At most a fifth more than the blocks that changed, and what a file system wrote in vain. */
  private static void assertReadLittle(Summary summary) {
    assertThat(summary.bytesRead())
        .as("epoch %s, by %s", summary.epoch(), summary.changeSource())
        .isLessThanOrEqualTo(summary.blocksChanged() * BLOCK * 6 / 5 + (1 << 20));
  }

  /** Takes what others take, and remembers what is said of it. */
  private final class Watched implements Snapshots {
    private final Snapshots snapshots;

    Watched(Snapshots snapshots) {
      this.snapshots = snapshots;
    }

    @Override
    public Snapshot take(Path source) throws IOException {
      Snapshot taken = snapshots.take(source);
      return new ForwardingSnapshot(taken) {
        @Override
        public @Nullable ChangeSource changesSince(StandbyEpoch basis, long size, Monitor monitor)
            throws IOException {
          named = super.changesSince(basis, size, monitor);
          return named;
        }
      };
    }
  }
}
