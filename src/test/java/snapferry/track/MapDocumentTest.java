package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.codec.LittleEndian;
import snapferry.delta.RootHash;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.device.VolumeSight;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.journal.Document;
import snapferry.replicate.StandbyEpoch;
import snapferry.track.MapRecovery.Length;
import snapferry.track.MapRecovery.Slots;
import snapferry.track.MapRecovery.Stop;
import snapferry.track.MapRecovery.Volume;

/** The example and the table of {@code dirty-map.md} against the code. */
@NullMarked
class MapDocumentTest {
  private static final String PAGE = "dirty-map.md";
  private static final UUID MAP = UUID.fromString("2f9d3c52-6a0e-4c1b-9b7d-5d0f6a1c2e38");
  private static final UUID STANDBY = UUID.fromString("0b9f6a51-7c0e-4f0e-8f43-3a4a1c1c2d10");
  private static final RootHash ROOT =
      RootHash.read(
          LittleEndian.wrap(HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(2))));
  private static final StandbyEpoch EPOCH = new StandbyEpoch(STANDBY, 12, ROOT);
  private static final Geometry REGIONS = new Geometry(8704, new BlockSize(4096));

  /** How the document calls what the code names. */
  private static final Map<Enum<?>, String> WORDS =
      Map.ofEntries(
          Map.entry(Slots.MISSING, "no map"),
          Map.entry(Slots.GARBLED, "garbled"),
          Map.entry(Slots.VALID, "valid"),
          Map.entry(Length.WRONG, "wrong"),
          Map.entry(Length.RIGHT, "right"),
          Map.entry(Volume.ANOTHER, "another"),
          Map.entry(Volume.OTHER_REGIONS, "other regions"),
          Map.entry(Volume.SAME, "same"),
          Map.entry(Stop.CLEAN_BUT_WRITTEN, "clean, but written to since"),
          Map.entry(Stop.CLEAN, "clean"),
          Map.entry(Stop.UNCLEAN, "unclean"),
          Map.entry(Stop.UNCLEAN_BUT_WRITTEN, "unclean, and written to since the machine started"));

  @Test
  void theCodeWritesTheExample() throws IOException {
    VolumeSight sight = new VolumeSight(8704, "file 4711", null, 0, 1_795_000_000_000_000_000L);
    MapHeader second = MapHeader.first(MAP, REGIONS, sight).withGeneration(2);
    MapHeader third = second.withBases(Bases.NONE.keeping(EPOCH, EPOCH, 2)).withGeneration(3);
    HostileDisk disk = new HostileDisk();
    try (StateDirectory directory = disk.directory("state");
        Storage file = directory.open(DirtyMap.FILE)) {
      HeaderSlots slots = new HeaderSlots(file);
      Stamps stamps = new Stamps(file, new MapLayout(REGIONS), MAP);
      stamps.create();
      stamps.mark(1, 1, 1);
      stamps.mark(2, 2, 3);
      slots.write(third);
      slots.write(third.again());
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      file.read(0, bytes);

      assertThat(HexFormat.of().formatHex(bytes.array()))
          .isEqualTo(HexFormat.of().formatHex(Document.dump(PAGE, "dirty-map")));
    }
  }

  @Test
  void theCodeReadsTheExample() throws IOException {
    HostileDisk disk = new HostileDisk();
    try (StateDirectory directory = disk.directory("state")) {
      directory.replace(DirtyMap.FILE, Document.dump(PAGE, "dirty-map"));
      try (Storage file = directory.open(DirtyMap.FILE)) {
        MapHeader header = Objects.requireNonNull(new HeaderSlots(file).newest());
        assertThat(header.regions()).isEqualTo(REGIONS);
        assertThat(header.generation()).isEqualTo(3);
        assertThat(header.bases().generationOf(EPOCH)).hasValue(2);
        StringBuilder changed = new StringBuilder();
        boolean sound =
            new Stamps(file, new MapLayout(REGIONS), header.map())
                .since(2, (first, end) -> changed.append(first).append('-').append(end));
        assertThat(sound).isTrue();
        assertThat(changed.toString()).isEqualTo("2-3");
      }
    }
  }

  @Test
  void everyCombinationIsDecidedByTheFirstRowThatFits() throws IOException {
    List<List<String>> table = Document.table(PAGE, "recovery");
    assertThat(table).hasSize(9);
    for (Slots slots : Slots.values()) {
      for (Length length : Length.values()) {
        for (Volume volume : Volume.values()) {
          for (Stop stop : Stop.values()) {
            List<Enum<?>> found = List.of(slots, length, volume, stop);
            assertThat(MapRecovery.decide(slots, length, volume, stop).action())
                .as("%s", found)
                .isEqualTo(expected(table, found));
          }
        }
      }
    }
  }

  private static String expected(List<List<String>> table, List<Enum<?>> found) {
    for (List<String> row : table) {
      boolean fits = true;
      for (int column = 0; column < found.size(); column++) {
        String word = row.get(column);
        fits &= word.equals("any") || word.equals(WORDS.get(found.get(column)));
      }
      if (fits) {
        return row.get(4);
      }
    }
    throw new AssertionError("no row for " + found);
  }
}
