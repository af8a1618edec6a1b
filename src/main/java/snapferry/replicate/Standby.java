package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.delta.Signature;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.ImageState;
import snapferry.journal.JournalRecovery;
import snapferry.journal.Manifest;
import snapferry.wire.Presence;
import snapferry.wire.State;
import snapferry.wire.Wishes;

/**
 * A standby: its image and what is known of it. Opening one finishes what the last run left behind,
 * so that whoever looks at it sees one epoch.
 */
public final class Standby implements Closeable {
  private final StandbyPlace place;
  private final Monitor monitor;
  private @Nullable BlockDevice image;
  private @Nullable EpochStore store;
  private @Nullable String damage;

  private Standby(StandbyPlace place, Monitor monitor) {
    this.place = place;
    this.monitor = monitor;
  }

  /**
   * Opens what is there, locks it and recovers it.
   *
   * @param look write nothing: an epoch that is committed but not applied is then a failure
   * @throws Failure {@link ExitCode#LOCKED}, {@link ExitCode#BUSY}, or {@link ExitCode#LINEAGE}
   *     when the image of an epoch is missing
   */
  public static Standby open(StandbyPlace place, boolean look, Monitor monitor) throws IOException {
    Standby standby = new Standby(place, monitor);
    try {
      standby.image = place.open(!look);
      StateDirectory directory = place.state(false);
      if (directory != null) {
        standby.openStore(directory, look);
      }
      standby.checkImage();
      return standby;
    } catch (Throwable e) {
      standby.close();
      throw e;
    }
  }

  private void openStore(StateDirectory directory, boolean look) throws IOException {
    try {
      store = EpochStore.open(directory);
    } catch (FormatException e) {
      damage = "the manifest is damaged: " + e.getMessage();
      return;
    }
    try (JournalRecovery recovery = store.inspect()) {
      switch (recovery.verdict().action()) {
        case NOTHING -> {}
        case REFUSE -> damage = recovery.verdict().reason();
        case DISCARD -> {
          if (!look) {
            recovery.remove();
            monitor.note(place.name() + ": removed an epoch that was not complete");
          }
        }
        case REPLAY -> {
          if (look) {
            throw new Failure(
                ExitCode.FAILED,
                place.name()
                    + ": an epoch is committed but not yet applied; run snapferry recover first");
          }
          monitor.phase(Monitor.Phase.RECOVERING);
          store.replay(recovery, requireImage(), monitor);
          monitor.note(
              place.name()
                  + ": finished applying epoch "
                  + requireManifest().epoch()
                  + ", which was committed");
        }
      }
    }
  }

  private void checkImage() throws IOException {
    Manifest manifest = manifest();
    if (damage != null || manifest == null || manifest.state() != ImageState.STANDING) {
      return; // There is no epoch yet; or what was promoted is nobody's business any more.
    }
    if (image == null) {
      throw missing();
    }
    long size = manifest.shape().geometry().size();
    if (image.size() < size) {
      damage =
          "the image has "
              + image.size()
              + " bytes, but epoch "
              + manifest.epoch()
              + " has "
              + size;
    }
  }

  private Failure missing() {
    return new Failure(
        ExitCode.LINEAGE,
        place.name()
            + " is missing, but its state directory is there. If the image was removed on purpose,"
            + " remove its state directory too, and it is seeded anew");
  }

  /** The image, of an epoch that is on record. */
  BlockDevice requireImage() throws Failure {
    if (image == null) {
      throw missing();
    }
    return image;
  }

  private Manifest requireManifest() {
    return Objects.requireNonNull(manifest(), "a standby with an epoch has a manifest");
  }

  /** What it is called in messages. */
  public String name() {
    return place.name();
  }

  /** What is known of the epoch that the image holds; null when it belongs to no lineage. */
  public @Nullable Manifest manifest() {
    return store == null || damage != null ? null : store.manifest();
  }

  /** Why this standby cannot be used without a person's decision; null when it can. */
  public @Nullable String damage() {
    return damage;
  }

  /**
   * Refuses a standby that only a person, or {@code push --init}, can put right.
   *
   * @throws Failure {@link ExitCode#INTEGRITY}
   */
  public void requireSound() throws Failure {
    if (damage != null) {
      throw new Failure(
          ExitCode.INTEGRITY,
          name()
              + ": "
              + damage
              + ". Nothing was touched; the image may be between two epochs. push --init compares"
              + " it with the source and makes it right");
    }
  }

  /**
   * The epoch that the image holds.
   *
   * @throws Failure {@link ExitCode#LINEAGE} if it is none yet, or not any more
   */
  Manifest requireEpoch() throws Failure {
    requireSound();
    Manifest manifest = manifest();
    if (manifest == null) {
      throw new Failure(ExitCode.LINEAGE, name() + " is not known to be a standby of any volume");
    }
    requireStandby(manifest);
    if (manifest.state() == ImageState.SEEDING) {
      throw new Failure(
          ExitCode.LINEAGE, name() + " is a half-seeded standby: push again to complete it");
    }
    return manifest;
  }

  private void requireStandby(Manifest manifest) throws Failure {
    if (manifest.state() == ImageState.PROMOTED) {
      throw new Failure(
          ExitCode.LINEAGE,
          name()
              + " was promoted with epoch "
              + manifest.epoch()
              + " of "
              + manifest.label()
              + " and is a volume of its own now. Nothing was touched. If what it holds may be"
              + " overwritten: remove its state directory, "
              + Objects.requireNonNull(store, "where that is said").directory().name()
              + ", and run with --init");
    }
  }

  /**
   * Takes the image into use: from here on no source may replicate into it. Durable when this
   * returns; the image is not touched.
   *
   * @return what it holds
   * @throws Failure {@link ExitCode#LINEAGE} if it holds no epoch
   */
  public Manifest promote() throws IOException {
    Manifest promoted = requireEpoch().promoted();
    EpochStore ours = requireStore();
    ours.store(promoted);
    try {
      ours.dropSignature();
      ours.keepHistory(0);
    } catch (IOException e) {
      monitor.warn("a signature or history that is not needed any more stays: " + e.getMessage());
    }
    return promoted;
  }

  /** The image was compared as a whole. */
  public void verified(boolean same) {
    Manifest manifest = manifest();
    if (store != null && manifest != null) {
      store.verified(manifest.epoch(), same, monitor);
    }
  }

  /** Whether the image is a block device. */
  public boolean isDevice() {
    return image != null && image.isDevice();
  }

  /** The image; null when there is none. */
  public @Nullable BlockDevice image() {
    return image;
  }

  /** The signature of the epoch that the image holds; null when it must be read anew. */
  public @Nullable Signature signature() {
    return store != null && damage == null && store.signaturePresent() ? store.signature() : null;
  }

  /**
   * What is on record here.
   *
   * @throws Failure {@link ExitCode#LINEAGE} if it is no epoch
   */
  EpochStore requireStore() throws Failure {
    requireEpoch();
    return Objects.requireNonNull(store, "where the epoch is on record");
  }

  /** What to tell the source. */
  State state(Wishes wishes) throws IOException {
    BlockDevice there = image;
    Manifest manifest = manifest();
    if (manifest != null) {
      requireStandby(manifest);
    }
    if (there == null) {
      return new State(Presence.ABSENT, false, false, BlockSize.SECTOR, 0, wishes, null);
    }
    if (manifest == null) {
      return new State(
          Presence.BARE,
          there.isDevice(),
          damage != null,
          there.sectorSize(),
          there.size(),
          wishes,
          null);
    }
    State.Lineage lineage =
        new State.Lineage(
            manifest.volume(),
            manifest.standby(),
            manifest.epoch(),
            manifest.root(),
            manifest.shape(),
            manifest.time().toEpochMilli(),
            signature() != null);
    Presence presence =
        manifest.state() == ImageState.SEEDING ? Presence.SEEDING : Presence.STANDING;
    return new State(
        presence, there.isDevice(), false, there.sectorSize(), there.size(), wishes, lineage);
  }

  /**
   * Where a seed is put on record; without a damaged manifest or journal: the operator decided to
   * adopt the image anew.
   */
  EpochStore storeForSeed() throws IOException {
    if (store == null || damage != null) {
      if (store != null) {
        store.close();
        store = null;
      }
      store =
          EpochStore.openAnew(
              Objects.requireNonNull(place.state(true), "a directory that was to be made"));
      damage = null;
    }
    return store;
  }

  /** The image, made or grown so that it has room for {@code size} bytes. */
  BlockDevice imageOf(long size) throws IOException {
    BlockDevice there = image;
    if (there == null) {
      there = place.create(size);
      image = there;
    } else if (there.size() < size) {
      there.resize(size);
    }
    return there;
  }

  @Override
  public void close() throws IOException {
    try {
      if (store != null) {
        store.close();
      }
    } finally {
      if (image != null) {
        image.close();
      }
    }
  }
}
