package snapferry.lvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.device.BlockDevice;
import snapferry.device.MappedDevice;
import snapferry.device.StateDirectory;
import snapferry.replicate.Monitor;
import snapferry.replicate.StandbyPlace;

/**
 * A standby on a logical volume of which a snapshot is taken after each epoch. So many are kept;
 * they are tagged
 *
 * <pre>
 * snapferry-standby
 * snapferry-standby.epoch=NUMBER
 * snapferry-standby.time=MILLISECONDS      since 1970, when it was taken
 * </pre>
 */
public final class StandbyHistory implements StandbyPlace {
  private static final String TAG = "snapferry-standby";
  private static final String EPOCH = TAG + ".epoch";
  private static final String TIME = TAG + ".time";
  private static final int NAME_DIGITS = 8;

  private final StandbyPlace place;
  private final Path image;
  private final int keep;
  private final Monitor monitor;

  /**
   * @param place of the standby
   * @param image its device
   * @param keep how many snapshots of it to keep, at least 1
   * @param monitor hears when none could be taken
   */
  public StandbyHistory(StandbyPlace place, Path image, int keep, Monitor monitor) {
    this.place = place;
    this.image = image;
    this.keep = keep;
    this.monitor = monitor;
  }

  @Override
  public long maxSize() {
    return place.maxSize();
  }

  /** That there is no snapshot of an epoch does not undo the epoch. */
  @Override
  public void committed(long epoch) {
    try {
      take(epoch);
    } catch (IOException e) {
      monitor.warn(
          "the standby holds epoch "
              + epoch
              + ", but no snapshot of it was taken: "
              + e.getMessage());
    }
  }

  private void take(long epoch) throws IOException {
    @Nullable MappedDevice device = MappedDevice.of(image);
    @Nullable LogicalVolume volume =
        device == null || !device.isLogicalVolume() ? null : Lvm.find(device);
    if (volume == null) {
      throw new FormatException(image + " is no logical volume");
    }
    String name =
        "snapferry_epoch%d_%s"
            .formatted(epoch, UUID.randomUUID().toString().substring(0, NAME_DIGITS));
    List<String> tags = List.of(TAG, EPOCH + "=" + epoch, TIME + "=" + System.currentTimeMillis());
    if (volume.isThin()) {
      Lvm.createThin(volume, name, tags);
    } else {
      Lvm.createClassic(volume, name, LvmSnapshots.usualRoom(volume), tags);
    }
    monitor.note("took the snapshot " + volume.group() + "/" + name + " of the standby");
    prune(volume);
  }

  private void prune(LogicalVolume standby) throws IOException {
    List<LogicalVolume> surplus =
        Lvm.tagged(TAG).stream()
            .filter(each -> each.originUuid().equals(standby.uuid()))
            .sorted(Comparator.comparing(StandbyHistory::time).reversed())
            .skip(keep)
            .toList();
    for (LogicalVolume each : surplus) {
      Lvm.remove(each.fullName());
    }
  }

  private static long time(LogicalVolume snapshot) {
    String text = Objects.requireNonNullElse(snapshot.tag(TIME), "");
    return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
  }

  @Override
  public String name() {
    return place.name();
  }

  @Override
  public @Nullable Integer keep() {
    return place.keep();
  }

  @Override
  public @Nullable BlockDevice open(boolean write) throws IOException {
    return place.open(write);
  }

  @Override
  public BlockDevice create(long size) throws IOException {
    return place.create(size);
  }

  @Override
  public @Nullable StateDirectory state(boolean create) throws IOException {
    return place.state(create);
  }
}
