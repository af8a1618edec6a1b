package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.BlockDevice;
import snapferry.device.DeviceView;
import snapferry.device.FileDevice;
import snapferry.extent.Extent;

/** What is said of a source that cannot be read everywhere. */
@NullMarked
class SurveyedReadsTest {
  private static final int SIZE = (3 << 20) + 512;

  @TempDir private Path directory = Path.of("");
  private final List<Extent> bad = new ArrayList<>();
  private final Notes told = new Notes();
  private Path volume = Path.of("");

  /** A disk with bad places. Reads one of which is part fail, as a kernel's do. */
  private final class Bad extends DeviceView {
    Bad(BlockDevice device) {
      super(device);
    }

    @Override
    public @Nullable Extent nextAllocated(long from) throws IOException {
      return from < size() ? new Extent(from, size() - from) : null;
    }

    @Override
    public void read(long offset, ByteBuffer destination) throws IOException {
      long end = offset + destination.remaining();
      for (Extent place : bad) {
        if (place.offset() < end && offset < place.end()) {
          throw new IOException("medium error at " + place);
        }
      }
      super.read(offset, destination);
    }
  }

  @BeforeEach
  void makeVolume() throws IOException {
    volume = directory.resolve("volume");
    FileDevice.create(volume, SIZE).close();
  }

  private BlockDevice open() throws IOException {
    return new SurveyedReads(new Bad(FileDevice.openRead(volume)), told);
  }

  private static void read(BlockDevice device, long offset, int length) throws IOException {
    device.read(offset, ByteBuffer.allocate(length));
  }

  @Test
  void everyPlaceThatCannotBeReadIsNamedAndTheErrorStays() throws IOException {
    bad.add(new Extent(4096, 512));
    bad.add(new Extent((1 << 20) - 4096, 8192));
    bad.add(new Extent(3 << 20, 512));
    try (BlockDevice device = open()) {
      read(device, 0, 4096);
      assertThat(told.warnings).isEmpty();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> read(device, 1 << 20, 8192))
            .isInstanceOf(IOException.class)
            .hasMessage("medium error at " + bad.get(1));
      }
    }
    assertThat(told.warnings)
        .containsExactly(
            "medium error at " + bad.get(1) + "; looking for everything that cannot be read",
            volume + ": cannot read LBA 8 to 15 (4096 bytes at offset 4096)",
            volume + ": cannot read LBA 2040 to 2055 (8192 bytes at offset 1044480)",
            volume + ": cannot read LBA 6144 to 6144 (512 bytes at offset 3145728)",
            volume + ": all that cannot be read is 12800 of its 3146240 bytes (places: 3)");
  }

  @Test
  void ofADeadDiskNotEachPlaceIsNamed() throws IOException {
    for (long at = 0; at < SIZE; at += 8192) {
      bad.add(new Extent(at, 1));
    }
    try (BlockDevice device = open()) {
      assertThatThrownBy(() -> read(device, 0, 512)).isInstanceOf(IOException.class);
    }
    assertThat(told.warnings).hasSize(SurveyedReads.MAX_NAMED + 2);
    assertThat(told.warnings.get(told.warnings.size() - 1))
        .contains("(places: " + bad.size() + ", not all of them named)");
  }

  @Test
  void whereTooMuchIsLostTheRestIsNotLookedAt() throws IOException {
    long much = SurveyedReads.MAX_LOST + (1 << 20);
    volume = directory.resolve("large");
    FileDevice.create(volume, 2 * much).close();
    bad.add(new Extent(0, much));
    bad.add(new Extent(2 * much - 512, 512));
    try (BlockDevice device = open()) {
      assertThatThrownBy(() -> read(device, 0, 512)).isInstanceOf(IOException.class);
    }
    assertThat(told.warnings)
        .hasSize(3)
        .last()
        .asString()
        .isEqualTo(
            "%s: was not looked at to its end: %d bytes cannot be read up to offset %2$d, which is enough",
            volume, SurveyedReads.MAX_LOST + 4096);
  }

  @Test
  void whatWasClosedIsNotLookedAt() throws IOException {
    BlockDevice device = open();
    device.close();
    assertThatThrownBy(() -> read(device, 0, 512)).isInstanceOf(ClosedChannelException.class);
    assertThat(told.warnings).isEmpty();
  }
}
