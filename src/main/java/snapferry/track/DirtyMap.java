package snapferry.track;

import java.io.Closeable;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.device.VolumeSight;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;
import snapferry.replicate.StandbyEpoch;

/**
 * Which regions of a volume were written to since which of its epochs; {@code dirty-map.md} is the
 * specification. Safe for use by several threads, but {@link #begin} only while nobody marks.
 */
final class DirtyMap implements Closeable {
  static final String FILE = "dirty-map";

  private final Storage file;
  private final HeaderSlots slots;
  private final Stamps stamps;
  private final GroupCommit commit;
  private final Geometry regions;
  private final String origin;
  private MapHeader header;

  private DirtyMap(Storage file, HeaderSlots slots, MapHeader header, String origin) {
    this.file = file;
    this.slots = slots;
    this.header = header;
    this.regions = header.regions();
    this.origin = origin;
    this.stamps = new Stamps(file, new MapLayout(header.regions()), header.map());
    this.commit = new GroupCommit(stamps, header.generation(), bits());
  }

  /** A generation that is on record, but in which nothing was marked yet. */
  record Generation(long number, RegionBits fresh) {}

  /**
   * Opens the map of a volume in {@code directory}, or makes a new one if there is none that can be
   * trusted. What is in it is durable, and a generation of its own began, when this returns.
   *
   * @param region size of a region; null to keep the one that there is
   * @param now what is seen of the volume
   * @param monitor hears what has become of an earlier map
   */
  static DirtyMap open(
      StateDirectory directory, @Nullable BlockSize region, VolumeSight now, Monitor monitor)
      throws IOException {
    MapRecovery.Verdict verdict = MapRecovery.Verdict.CREATE;
    BlockSize usual = MapLayout.usualRegion(now.size());
    if (directory.exists(FILE)) {
      Storage file = directory.open(FILE);
      MapHeader found;
      try {
        HeaderSlots slots = new HeaderSlots(file);
        found = slots.newest();
        verdict = judge(file, found, region, now);
        if (found != null && verdict == MapRecovery.Verdict.GO_ON) {
          return goOn(file, slots, found, now);
        }
      } catch (IOException | RuntimeException e) {
        try (file) {
          throw e;
        }
      }
      file.close();
      usual = found == null ? usual : found.regions().blockSize();
      directory.delete(FILE);
    }
    tell(verdict, directory, monitor);
    Geometry regions = new Geometry(now.size(), region == null ? usual : region);
    if (!MapLayout.fits(regions)) {
      throw new Failure(
          ExitCode.SIZE,
          "a volume of %d bytes has more than %d regions of %d bytes: --region gives larger ones"
              .formatted(now.size(), MapLayout.MAX_REGIONS, regions.blockSize().bytes()));
    }
    return create(directory, MapHeader.first(UUID.randomUUID(), regions, now), verdict.reason());
  }

  private static void tell(MapRecovery.Verdict verdict, StateDirectory directory, Monitor monitor) {
    if (verdict == MapRecovery.Verdict.CREATE) {
      monitor.note("a new dirty map is made in " + directory.name());
    } else {
      monitor.warn(
          "what was written to the volume before now is not known, because "
              + verdict.reason()
              + ": a new map is made, and each standby is read for as a whole once");
    }
  }

  private static MapRecovery.Verdict judge(
      Storage file, @Nullable MapHeader found, @Nullable BlockSize region, VolumeSight now)
      throws IOException {
    if (found == null) {
      return MapRecovery.decide(
          MapRecovery.Slots.GARBLED,
          MapRecovery.Length.WRONG,
          MapRecovery.Volume.ANOTHER,
          MapRecovery.Stop.UNCLEAN);
    }
    boolean whole = file.size() == new MapLayout(found.regions()).fileSize();
    boolean sameRegions = region == null || region.equals(found.regions().blockSize());
    MapRecovery.Volume volume =
        now.isOfAnother(found.volume())
            ? MapRecovery.Volume.ANOTHER
            : sameRegions ? MapRecovery.Volume.SAME : MapRecovery.Volume.OTHER_REGIONS;
    return MapRecovery.decide(
        MapRecovery.Slots.VALID,
        whole ? MapRecovery.Length.RIGHT : MapRecovery.Length.WRONG,
        volume,
        stop(found, now));
  }

  /** Within one start of the machine, the last writes of a tracker look like anybody's. */
  private static MapRecovery.Stop stop(MapHeader found, VolumeSight now) {
    boolean written = now.isWrittenSince(found.volume());
    if (found.stopped()) {
      return written ? MapRecovery.Stop.CLEAN_BUT_WRITTEN : MapRecovery.Stop.CLEAN;
    }
    return written && !now.isOfSameStart(found.volume())
        ? MapRecovery.Stop.UNCLEAN_BUT_WRITTEN
        : MapRecovery.Stop.UNCLEAN;
  }

  private static DirtyMap goOn(Storage file, HeaderSlots slots, MapHeader found, VolumeSight now)
      throws IOException {
    requireGenerations(found.generation());
    MapHeader running = found.resumed(now);
    slots.write(running);
    return new DirtyMap(
        file, slots, running, found.stopped() ? "went on" : "went on after an unclean stop");
  }

  /** Stamps first: a header says that all of them are there. */
  private static DirtyMap create(StateDirectory directory, MapHeader header, String origin)
      throws IOException {
    Storage file = directory.open(FILE);
    try {
      HeaderSlots slots = new HeaderSlots(file);
      DirtyMap map = new DirtyMap(file, slots, header, origin);
      map.stamps.create();
      file.sync();
      directory.sync();
      slots.write(header);
      map.header = header.again();
      slots.write(map.header);
      file.sync();
      return map;
    } catch (IOException | RuntimeException e) {
      try (file) {
        throw e;
      }
    }
  }

  private RegionBits bits() {
    return new RegionBits(regions.blocks());
  }

  /** The volume, cut into regions. */
  Geometry regions() {
    return regions;
  }

  /** How this map came to be: for people. */
  String origin() {
    return origin;
  }

  /**
   * Returns when it is durable that {@code [offset, offset + length)} is written to in this
   * generation: only then may it be.
   */
  void mark(long offset, long length) throws IOException {
    commit.mark(regions.blockAt(offset), regions.blockAt(offset + length - 1));
  }

  /** Puts the next generation on record. Until {@link #begin}, writes belong to the present one. */
  synchronized Generation announce() throws IOException {
    requireGenerations(header.generation());
    store(header.withGeneration(header.generation() + 1));
    return new Generation(header.generation(), bits());
  }

  private static void requireGenerations(long last) throws IOException {
    if (last >= MapHeader.MAX_GENERATION) {
      throw new IOException("the dirty map has no generations left: remove it, and restart");
    }
  }

  /** Whoever marks from now on marks in {@code next}. */
  void begin(Generation next) {
    commit.begin(next.number(), next.fresh());
  }

  /** When {@code basis} was the volume; empty if what changed since cannot be told. */
  OptionalLong generationOf(StandbyEpoch basis) {
    return commit.isAlive() ? bases().generationOf(basis) : OptionalLong.empty();
  }

  /** Tells of all that may differ since {@code generation} began: in order of their offsets. */
  void changesSince(long generation, ExtentSink sink) throws IOException {
    stamps.since(generation, (first, end) -> sink.accept(regions.extent(first, end - first)));
  }

  /** Hears of extents that may differ. */
  interface ExtentSink {
    void accept(Extent extent) throws IOException;
  }

  synchronized Bases bases() {
    return header.bases();
  }

  synchronized long generation() {
    return header.generation();
  }

  /** How many regions were written to since the present generation began. */
  long marked() {
    return commit.count();
  }

  /** A standby may hold {@code next} from now on; durable when this returns. */
  synchronized void keep(StandbyEpoch basis, StandbyEpoch next, long generation)
      throws IOException {
    store(header.withBases(header.bases().keeping(basis, next, generation)));
  }

  /** A standby holds {@code now}; durable when this returns. */
  synchronized void acknowledged(StandbyEpoch now) throws IOException {
    Bases after = header.bases().acknowledged(now);
    if (!after.equals(header.bases())) {
      store(header.withBases(after));
    }
  }

  private void store(MapHeader next) throws IOException {
    commit.requireAlive();
    try {
      slots.write(next);
      header = next;
    } catch (IOException e) {
      commit.fail(e);
      throw e;
    }
  }

  /** Whether marks can still be made. */
  void requireAlive() throws IOException {
    commit.requireAlive();
  }

  /**
   * Records that the tracker ends in good order, in both slots: if one is lost, the other must not
   * hide that the volume can be written to from now on by others.
   *
   * @param now what is seen of the volume after the last write was made durable
   */
  synchronized void stop(VolumeSight now) throws IOException {
    store(header.stopped(now));
    store(header.again());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
