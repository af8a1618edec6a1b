package snapferry.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.delta.RootHash;
import snapferry.replicate.StandbyEpoch;

/** A snapshot that is kept for several standbys goes when the last of them has a later epoch. */
@NullMarked
class ReleaseTest {
  private static final long SEED = Long.getLong("snapferry.seed", 1);
  private static final long NOW = 1_800_000_000L;

  private static StandbyEpoch epoch(int standby, long epoch) {
    return new StandbyEpoch(new UUID(7, standby), epoch, new RootHash(epoch, 2, 3, 4));
  }

  private static String tag(int standby, long epoch) {
    return SnapshotTags.of(epoch(standby, epoch), NOW);
  }

  @Test
  void aSnapshotStaysForThoseWhoStillHoldItAndGoesWithTheLast() {
    LogicalVolume old = TaggedSnapshot.of("old", tag(1, 4), tag(2, 9));
    LogicalVolume now = TaggedSnapshot.of("now", tag(1, 5));
    Release first = Release.allBut(epoch(1, 5), List.of(old, now));
    assertThat(first.removed()).isEmpty();
    assertThat(first.untagged()).containsExactly(Map.entry(old, List.of(tag(1, 4))));

    LogicalVolume rest = TaggedSnapshot.of("old", tag(2, 9));
    LogicalVolume both = TaggedSnapshot.of("now", tag(1, 5), tag(2, 10));
    Release second = Release.allBut(epoch(2, 10), List.of(rest, both));
    assertThat(second.removed()).containsExactly(rest);
    assertThat(second.untagged()).isEmpty();
  }

  @Test
  void neitherWhatTheStandbyHoldsNorWhatItMayHoldIsLetGo() {
    LogicalVolume old = TaggedSnapshot.of("old", tag(1, 4), tag(2, 4));
    Release release =
        Release.allBut(epoch(1, 4), List.of(old, TaggedSnapshot.of("other", tag(2, 3))));
    assertThat(release.removed()).isEmpty();
    assertThat(release.untagged()).isEmpty();
  }

  @Test
  void whatWasKeptForOneStandbyBeforeSnapshotsWereSharedIsReadAndLetGo() {
    StandbyEpoch epoch = epoch(1, 7);
    String[] tags = {
      "snapferry.standby=" + epoch.standby(),
      "snapferry.epoch=7",
      "snapferry.root=" + epoch.root(),
      "snapferry.time=" + NOW
    };
    LogicalVolume old = TaggedSnapshot.of("old", tags);
    assertThat(SnapshotTags.shows(old, epoch)).isTrue();
    assertThat(SnapshotTags.shows(old, epoch(1, 8))).isFalse();
    assertThat(SnapshotTags.shows(old, epoch(2, 7))).isFalse();
    assertThat(SnapshotTags.keptAt(old)).isEqualTo(NOW);
    assertThat(SnapshotTags.keepingTags(old)).containsExactlyInAnyOrder(tags);
    assertThat(Release.allBut(epoch(1, 8), List.of(old)).removed()).containsExactly(old);
    assertThat(Release.allBut(epoch, List.of(old)).removed()).isEmpty();
  }

  @Test
  void aTagThatSaysNothingKeepsItsSnapshotAndVouchesForNothing() {
    for (String garbled : List.of("", "x", "a/b/c", "a/b/c/d", "a/b/c/d/e", "//////")) {
      LogicalVolume odd = TaggedSnapshot.of("odd", "snapferry.standby=" + garbled);
      assertThat(SnapshotTags.isKept(odd)).as(garbled).isTrue();
      assertThat(SnapshotTags.shows(odd, epoch(1, 1))).isFalse();
      assertThat(SnapshotTags.keptAt(odd)).isZero();
      assertThat(Release.allBut(epoch(1, 1), List.of(odd)).removed()).isEmpty();
    }
  }

  /** Standbys that take part in rounds or miss them, whose acknowledgement may be lost. */
  @Test
  void whateverStandbysHoldIsKeptAndNothingElseIs() {
    Random random = new Random(SEED);
    Map<String, Set<String>> kept = new LinkedHashMap<>();
    long[] holds = new long[4];
    for (int round = 1; round <= 500; round++) {
      String name = "snapshot-" + round;
      Set<String> tags = new HashSet<>();
      kept.put(name, tags);
      for (int standby = 0; standby < holds.length; standby++) {
        if (random.nextInt(3) == 0) {
          continue;
        }
        carryOut(Release.allBut(epoch(standby, holds[standby]), volumes(kept)), kept);
        tags.add(tag(standby, round));
        boolean committed = random.nextInt(5) > 0;
        holds[standby] = committed ? round : holds[standby];
        if (committed && random.nextInt(5) > 0) {
          carryOut(Release.allBut(epoch(standby, round), volumes(kept)), kept);
        }
      }
      kept.values().removeIf(Set::isEmpty);
      for (int standby = 0; standby < holds.length; standby++) {
        StandbyEpoch held = epoch(standby, holds[standby]);
        assertThat(
                holds[standby] == 0
                    || volumes(kept).stream().anyMatch(each -> SnapshotTags.shows(each, held)))
            .as("seed %s, round %s, standby %s", SEED, round, standby)
            .isTrue();
      }
      assertThat(kept).as("two for each standby").hasSizeLessThanOrEqualTo(2 * holds.length);
    }
  }

  private static List<LogicalVolume> volumes(Map<String, Set<String>> kept) {
    List<LogicalVolume> volumes = new ArrayList<>();
    kept.forEach((name, tags) -> volumes.add(TaggedSnapshot.of(name, tags.toArray(String[]::new))));
    return volumes;
  }

  private static void carryOut(Release release, Map<String, Set<String>> kept) {
    release.untagged().forEach((volume, tags) -> of(volume, kept).removeAll(tags));
    release.removed().forEach(volume -> of(volume, kept).clear());
  }

  private static Set<String> of(LogicalVolume volume, Map<String, Set<String>> kept) {
    return Objects.requireNonNull(kept.get(volume.name()), volume.name());
  }
}
