package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeSource;
import snapferry.codec.FormatException;
import snapferry.device.BlockDevice;
import snapferry.device.LocalStateDirectory;
import snapferry.device.StateDirectory;
import snapferry.device.Volumes;
import snapferry.journal.VolumeIdentity;

/**
 * A source of this host, with what is remembered of it:
 *
 * <pre>
 *  STATE-ROOT/sources/NAME-HASH/             the identity of the volume
 *  STATE-ROOT/sources/NAME-HASH/STANDBY/     what that standby acknowledged
 *  STATE-ROOT/scratch/…/                     of a single run
 * </pre>
 *
 * <p>Where it cannot be written, as under a forced command of a user who may just read, a temporary
 * directory serves instead, until this is closed; then the next run finds a volume that it does not
 * know.
 */
public final class LocalSourcePlace implements SourcePlace, Closeable {
  private final Path source;
  private final Path stateRoot;
  private final SourceReading reading;
  private final Snapshots snapshots;
  private final Monitor monitor;
  private @Nullable Snapshot snapshot;
  private @Nullable Path usedRoot;
  private @Nullable TemporaryTree temporary;

  /**
   * @param source the file or device
   * @param stateRoot where what is remembered of all sources is kept
   * @param snapshots takes a snapshot to read from
   * @param reading how to read it
   * @param monitor hears what deserves a look
   */
  public LocalSourcePlace(
      Path source, Path stateRoot, Snapshots snapshots, SourceReading reading, Monitor monitor) {
    this.source = source;
    this.reading = reading;
    this.stateRoot = stateRoot.toAbsolutePath().normalize();
    this.snapshots = snapshots;
    this.monitor = monitor;
  }

  @Override
  public String name() {
    return source.toString();
  }

  @Override
  public String label() {
    return PathKey.label(source.toAbsolutePath().normalize());
  }

  @Override
  public BlockDevice open() throws IOException {
    Snapshot taken = snapshots.take(source);
    snapshot = taken;
    BlockDevice volume = surveyed(throttled(taken.open(reading.cache())));
    try {
      if (!taken.isFrozen() && Volumes.mountedReadWrite(source)) {
        monitor.warn(
            source
                + " is mounted and can change while it is read: the standby may mix several moments."
                + " Replicate a snapshot to have one point in time");
      }
      return volume;
    } catch (IOException e) {
      volume.close();
      throw e;
    }
  }

  @Override
  public void checkSnapshot() throws IOException {
    if (snapshot != null) {
      snapshot.check();
    }
  }

  @Override
  public @Nullable ChangeSource changesSince(StandbyEpoch basis, long size) throws IOException {
    return snapshot == null ? null : snapshot.changesSince(basis, size, monitor);
  }

  @Override
  public void keepSnapshot(StandbyEpoch basis, StandbyEpoch next) throws IOException {
    if (snapshot != null) {
      snapshot.keep(basis, next, monitor);
    }
  }

  @Override
  public void acknowledged(StandbyEpoch now) throws IOException {
    if (snapshot != null) {
      snapshot.acknowledged(now, monitor);
    }
  }

  private BlockDevice throttled(BlockDevice volume) {
    return reading.bytesPerSecond() == 0
        ? volume
        : new ThrottledReads(volume, reading.bytesPerSecond());
  }

  private BlockDevice surveyed(BlockDevice volume) {
    return reading.survey() ? new SurveyedReads(volume, monitor) : volume;
  }

  @Override
  public @Nullable Object writeStamp() throws IOException {
    if (snapshot != null && snapshot.isFrozen()) {
      return null;
    }
    BasicFileAttributes now = Files.readAttributes(source, BasicFileAttributes.class);
    // A list and no record, whose first comparison the JVM would have to link, at every start.
    return now.isRegularFile() ? List.of(now.lastModifiedTime(), now.size()) : null;
  }

  @Override
  public @Nullable StateDirectory identity(boolean create) throws IOException {
    return open(directory(), create);
  }

  @Override
  public @Nullable StateDirectory standby(UUID standby, boolean create) throws IOException {
    return open(directory().resolve(standby.toString()), create);
  }

  /** Whether it is on record who the volume is. Takes no lock. */
  public boolean isKnown() throws IOException {
    try {
      return remembered() != null;
    } catch (FormatException e) {
      return true; // And damaged, which a run will say.
    }
  }

  /**
   * Who the volume is on record as; null if nothing is. Takes no lock.
   *
   * @throws FormatException if the record is damaged
   */
  @Nullable VolumeIdentity remembered() throws IOException {
    Path there = rememberedAt();
    if (!Files.isDirectory(there)) {
      return null;
    }
    try (StateDirectory directory = LocalStateDirectory.openReadOnly(there)) {
      return VolumeIdentity.load(directory);
    }
  }

  /**
   * Opens what is remembered of a standby to look at it: without its lock, and without ever writing
   * to it.
   *
   * @return null when there is nothing
   */
  public @Nullable StateDirectory look(UUID standby) throws IOException {
    Path there = rememberedAt().resolve(standby.toString());
    return Files.isDirectory(there) ? LocalStateDirectory.openReadOnly(there) : null;
  }

  private Path rememberedAt() throws IOException {
    return stateRoot.resolve("sources").resolve(PathKey.directory(Volumes.lastingName(source)));
  }

  private static @Nullable StateDirectory open(Path directory, boolean create) throws IOException {
    return create || Files.isDirectory(directory) ? LocalStateDirectory.open(directory) : null;
  }

  private Path directory() throws IOException {
    return root().resolve("sources").resolve(PathKey.directory(Volumes.lastingName(source)));
  }

  @Override
  public StateDirectory scratch() throws IOException {
    return new ScratchDirectory(TemporaryTree.make(root().resolve("scratch")));
  }

  /** The state root, or a temporary one; decided once. */
  private Path root() throws IOException {
    Path root = usedRoot;
    if (root == null) {
      root = isWritable() ? stateRoot : temporaryRoot();
      usedRoot = root;
    }
    return root;
  }

  /** Whether this volume's state can be written, or made where it is not there yet. */
  private boolean isWritable() throws IOException {
    return TemporaryTree.upwards(rememberedAt())
        .filter(Files::exists)
        .findFirst()
        .filter(each -> Files.isDirectory(each) && Files.isWritable(each))
        .isPresent();
  }

  private Path temporaryRoot() throws IOException {
    monitor.warn(
        "the state of "
            + source
            + " cannot be written below "
            + stateRoot
            + " (--state-dir): who the volume is will be forgotten after this run, and the next needs --init");
    TemporaryTree tree =
        TemporaryTree.make(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
    temporary = tree;
    return tree.directory();
  }

  @Override
  public void close() throws IOException {
    try {
      if (snapshot != null) {
        snapshot.close();
      }
    } finally {
      if (temporary != null) {
        temporary.close();
      }
    }
  }
}
