package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.device.HostileDisk;

/** Marking by many writers at a time, and with a disk that fails. */
@NullMarked
class GroupCommitTest {
  private static final int THREADS = 8;
  private static final int MARKS = 200;

  @Test
  void whatIsMarkedByManyAtATimeSurvivesAPowerCut() throws Exception {
    long seed = new Random().nextLong();
    MapRig rig = new MapRig(new Random(seed));
    BitSet promised = new BitSet();
    try (MapRig.Open open = rig.open()) {
      ExecutorService writers = Executors.newFixedThreadPool(THREADS);
      List<Future<BitSet>> marking = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Random random = new Random(seed + thread);
        marking.add(writers.submit(() -> marked(open.map, random)));
      }
      for (Future<BitSet> each : marking) {
        promised.or(each.get());
      }
      writers.shutdown();
    }
    long generation = 1;
    rig.disk = rig.disk.rebootKeepingNone();
    BitSet found = new BitSet();
    try (MapRig.Open open = rig.open()) {
      open.map.changesSince(
          generation,
          extent ->
              found.set((int) (extent.offset() / 4096), (int) ((extent.end() + 4095) / 4096)));
    }
    assertThat(found).as("seed %d", seed).isEqualTo(promised);
  }

  private static BitSet marked(DirtyMap map, Random random) throws IOException {
    BitSet marked = new BitSet();
    for (int i = 0; i < MARKS; i++) {
      int region = random.nextInt(MapRig.REGIONS);
      map.mark(region * 4096L, 1);
      marked.set(region);
    }
    return marked;
  }

  @Test
  void aRegionIsMarkedOnceAGeneration() throws IOException {
    MapRig rig = new MapRig(new Random(1));
    try (MapRig.Open open = rig.open()) {
      open.map.mark(4096, 1);
      int operations = rig.disk.operations();
      for (int i = 0; i < 100; i++) {
        open.map.mark(4096 + i, 1);
      }
      assertThat(rig.disk.operations()).isEqualTo(operations);
      open.rotate();
      operations = rig.disk.operations();
      open.map.mark(4096, 1);
      assertThat(rig.disk.operations()).isEqualTo(operations + 2);
    }
  }

  @Test
  void afterAFailureNothingIsMarkedAgainAndWhatWasMarkedCanBeWritten() throws IOException {
    for (HostileDisk.Fault fault :
        List.of(HostileDisk.Fault.WRITE_ERROR, HostileDisk.Fault.SYNC_ERROR)) {
      MapRig rig = new MapRig(new Random(1));
      try (MapRig.Open open = rig.open()) {
        open.map.mark(0, 1);
        byte[] before = rig.content();
        rig.disk.failAt(rig.disk.operations(), fault);
        assertThatThrownBy(() -> open.volume.zero(8192, 4096, true))
            .isInstanceOf(IOException.class);
        assertThat(rig.content()).as("nothing unmarked").isEqualTo(before);
        assertThatThrownBy(() -> open.volume.zero(8192, 4096, true))
            .hasMessageContaining("the dirty map failed");
        assertThatThrownBy(open.volume::rotate).hasMessageContaining("the dirty map failed");
        assertThatThrownBy(() -> open.map.keep(MapRig.epoch(1, 1), MapRig.epoch(1, 2), 1))
            .hasMessageContaining("the dirty map failed");
        assertThat(open.map.generationOf(MapRig.epoch(1, 1))).isEmpty();
        open.volume.zero(0, 4096, true);
      }
    }
  }
}
