package snapferry.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.delta.RootHash;
import snapferry.replicate.StandbyEpoch;

/** Which snapshots are kept for standbys, and how they are known. */
@NullMarked
class KeepLimitTest {
  private static final long DAY = 24 * 60 * 60;
  private static final long NOW = 1_800_000_000L;
  private static final StandbyEpoch EPOCH =
      new StandbyEpoch(new UUID(1, 2), 7, new RootHash(1, 2, 3, 4));

  private static LogicalVolume kept(long seconds) {
    return TaggedSnapshot.of("snapferry_" + seconds, SnapshotTags.of(EPOCH, seconds));
  }

  @Test
  void theOldestGoFirst() {
    List<LogicalVolume> all =
        LongStream.of(3, 1, 2, 5, 4).mapToObj(hour -> kept(NOW - hour * 3600)).toList();
    assertThat(new KeepLimit(3, 14).surplus(all, NOW))
        .extracting(SnapshotTags::keptAt)
        .containsExactly(NOW - 4 * 3600, NOW - 5 * 3600);
    assertThat(new KeepLimit(5, 14).surplus(all, NOW)).isEmpty();
  }

  @Test
  void whatIsTooOldGoesAlsoWhenThereIsRoom() {
    LogicalVolume old = kept(NOW - 15 * DAY);
    assertThat(new KeepLimit(4, 14).surplus(List.of(old, kept(NOW - 13 * DAY)), NOW))
        .containsExactly(old);
  }

  @Test
  void aSnapshotIsKnownByWhatItShows() {
    LogicalVolume snapshot = kept(NOW);
    assertThat(SnapshotTags.isKept(snapshot)).isTrue();
    assertThat(SnapshotTags.shows(snapshot, EPOCH)).isTrue();
    assertThat(SnapshotTags.shows(snapshot, new StandbyEpoch(EPOCH.standby(), 8, EPOCH.root())))
        .isFalse();
    assertThat(SnapshotTags.shows(snapshot, new StandbyEpoch(EPOCH.standby(), 7, RootHash.NONE)))
        .isFalse();
    assertThat(SnapshotTags.isKeptFor(snapshot, new UUID(1, 3))).isFalse();
    assertThat(snapshot.tags()).allMatch(tag -> tag.matches("[A-Za-z0-9_+.=/-]{1,1024}"));
  }
}
