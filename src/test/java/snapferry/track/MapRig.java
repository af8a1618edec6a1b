package snapferry.track;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.delta.RootHash;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.device.VolumeSight;
import snapferry.extent.BlockSize;
import snapferry.replicate.Monitor;
import snapferry.replicate.StandbyEpoch;

/** A tracked volume on a hostile disk, and what it held when each of its generations began. */
@NullMarked
final class MapRig {
  static final BlockSize REGION = new BlockSize(4096);
  static final int REGIONS = 140;
  static final int SIZE = REGIONS * 4096 - 1024;
  static final UUID BOOT = UUID.fromString("5e2b6c1a-7f5b-4b5a-8f5e-0d4a3c8f7b11");
  static final VolumeSight SIGHT = new VolumeSight(SIZE, "dm x", BOOT, 7, 1000);

  private static final String VOLUME = "volume";
  private static final String STATE = "state";

  final Map<Long, byte[]> moments = new HashMap<>();
  HostileDisk disk = new HostileDisk();

  private MapRig() {}

  MapRig(Random random) {
    byte[] content = new byte[SIZE];
    random.nextBytes(content);
    disk.preload(VOLUME, content);
  }

  /** What this standby would hold in {@code epoch}. */
  static StandbyEpoch epoch(long standby, long epoch) {
    return new StandbyEpoch(new UUID(9, standby), epoch, new RootHash(epoch, standby, 3, 4));
  }

  byte[] content() {
    return disk.content(VOLUME);
  }

  /** What a reader of the file of the map would see. */
  byte[] mapFile() throws IOException {
    try (StateDirectory directory = disk.directory(STATE);
        var file = directory.open(DirtyMap.FILE)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.read(0, bytes);
      return bytes.array();
    }
  }

  /** Another disk with this content and this file of a map, all of it durable. */
  MapRig with(byte[] mapFile) throws IOException {
    MapRig rig = new MapRig();
    rig.disk.preload(VOLUME, content());
    rig.moments.putAll(moments);
    try (StateDirectory directory = rig.disk.directory(STATE)) {
      directory.replace(DirtyMap.FILE, mapFile);
    }
    return rig;
  }

  /** The volume while it is tracked. */
  final class Open implements Closeable {
    final StateDirectory directory;
    final DirtyMap map;
    final TrackedVolume volume;

    Open(VolumeSight sight) throws IOException {
      directory = disk.directory(STATE);
      try {
        map = DirtyMap.open(directory, REGION, sight, Monitor.SILENT);
        volume = new TrackedVolume(VOLUME, "rig", disk.device(VOLUME, SIZE), true, directory);
        volume.begin(map);
      } catch (IOException e) {
        directory.close();
        throw e;
      }
    }

    void write(Random random) throws IOException {
      int length = 512 * (1 + random.nextInt(24));
      long offset = 512L * random.nextInt((SIZE - length) / 512 + 1);
      if (random.nextInt(5) == 0) {
        volume.zero(offset, length, random.nextBoolean());
        return;
      }
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      volume.write(offset, ByteBuffer.wrap(bytes));
    }

    /** Begins a generation, and remembers what the volume holds. */
    long rotate() throws IOException {
      long generation = volume.rotate();
      moments.put(generation, content());
      return generation;
    }

    @Override
    public void close() throws IOException {
      directory.close();
    }
  }

  Open open() throws IOException {
    return new Open(SIGHT);
  }

  /**
   * Regions that differ from what the volume held when {@code generation} began, yet are not
   * marked.
   */
  List<Integer> forgotten(DirtyMap map, long generation) throws IOException {
    BitSet marked = new BitSet();
    map.changesSince(
        generation,
        extent ->
            marked.set(
                (int) (extent.offset() / REGION.bytes()),
                (int) ((extent.end() + REGION.bytes() - 1) / REGION.bytes())));
    byte @Nullable [] before = moments.get(generation);
    if (before == null) {
      throw new AssertionError("a base of generation " + generation + ", which nobody began");
    }
    byte[] now = content();
    List<Integer> forgotten = new ArrayList<>();
    for (int region = 0; region < REGIONS; region++) {
      int from = region * REGION.bytes();
      int to = Math.min(SIZE, from + REGION.bytes());
      if (!marked.get(region) && !java.util.Arrays.equals(now, from, to, before, from, to)) {
        forgotten.add(region);
      }
    }
    return forgotten;
  }
}
