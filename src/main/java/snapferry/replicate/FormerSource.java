package snapferry.replicate;

import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.ImageState;
import snapferry.journal.Manifest;
import snapferry.journal.VolumeIdentity;

/**
 * A source whose standby was promoted, and which is to become the standby of that. Before anything
 * is opened, it must be on record here as the very volume that was replicated: so no other can be
 * overwritten by mistake. That it was promoted itself, when things went the other way round, is
 * then no obstacle.
 */
public final class FormerSource implements StandbyPlace {
  private final StandbyPlace place;
  private final LocalSourcePlace source;
  private final UUID volume;

  /**
   * @param place where it will be a standby
   * @param source where it was a source
   * @param volume the lineage that was promoted
   */
  public FormerSource(StandbyPlace place, LocalSourcePlace source, UUID volume) {
    this.place = place;
    this.source = source;
    this.volume = volume;
  }

  private void requireSame() throws IOException {
    @Nullable VolumeIdentity known = source.remembered();
    if (known == null || !known.volume().equals(volume)) {
      throw new Failure(
          ExitCode.LINEAGE,
          name()
              + (known == null
                  ? " is not on record here as the source of any standby"
                  : " is volume " + known.volume())
              + ", and the image was promoted from volume "
              + volume
              + ". Nothing was touched. If it may be overwritten all the same: push --init");
    }
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
  public long maxSize() {
    return place.maxSize();
  }

  @Override
  public @Nullable BlockDevice open(boolean write) throws IOException {
    requireSame();
    return place.open(write);
  }

  @Override
  public BlockDevice create(long size) throws IOException {
    return place.create(size);
  }

  /** One that says of a promotion is not there, until it is to be made: then it begins anew. */
  @Override
  public @Nullable StateDirectory state(boolean create) throws IOException {
    @Nullable StateDirectory directory = place.state(create);
    if (create || directory == null) {
      return directory;
    }
    try {
      if (!isPromoted(directory)) {
        return directory;
      }
    } catch (Throwable e) {
      directory.close();
      throw e;
    }
    directory.close();
    return null;
  }

  private static boolean isPromoted(StateDirectory directory) throws IOException {
    try {
      @Nullable Manifest manifest = Manifest.load(directory);
      return manifest != null && manifest.state() == ImageState.PROMOTED;
    } catch (FormatException e) {
      return false; // Whoever opens it finds out, and says so.
    }
  }

  @Override
  public void committed(long epoch) {
    place.committed(epoch);
  }
}
