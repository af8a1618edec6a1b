package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.delta.Signature;
import snapferry.device.StateDirectory;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.CommittedJournal;
import snapferry.journal.JournalHeader;
import snapferry.journal.JournalRecovery;
import snapferry.journal.JournalWriter;
import snapferry.journal.Manifest;
import snapferry.journal.Verdict;
import snapferry.journal.VolumeIdentity;
import snapferry.wire.Basis;
import snapferry.wire.Plan;
import snapferry.wire.State;

/**
 * What the source remembers: who the volume is, and of this standby the last acknowledged epoch
 * with its signature. All of it only saves work: without it, the standby's signature is asked for.
 */
final class SourceState implements Closeable {
  private static final int IDENTITY_TRIES = 50;
  private static final long IDENTITY_PAUSE_MILLIS = 100;

  private final SourcePlace place;
  private final Monitor monitor;
  private final @Nullable VolumeIdentity remembered;
  private final VolumeIdentity fresh = VolumeIdentity.random();
  private @Nullable EpochStore store;

  private SourceState(SourcePlace place, Monitor monitor, @Nullable VolumeIdentity remembered) {
    this.place = place;
    this.monitor = monitor;
    this.remembered = remembered;
  }

  /**
   * Opens what is remembered of the volume and of the standby that {@code target} is, and settles
   * what the last run left in doubt. Makes nothing that is not there.
   */
  static SourceState open(SourcePlace place, State target, Monitor monitor) throws IOException {
    SourceState state = new SourceState(place, monitor, identity(place, null));
    State.@Nullable Lineage lineage = target.lineage();
    if (lineage != null) {
      StateDirectory directory = place.standby(lineage.standby(), false);
      if (directory != null) {
        state.openStore(directory, lineage);
      }
    }
    return state;
  }

  private void openStore(StateDirectory directory, State.Lineage lineage) throws IOException {
    try {
      store = EpochStore.open(directory);
    } catch (FormatException e) {
      monitor.warn(
          "what this source remembers of the standby is damaged ("
              + e.getMessage()
              + "); the standby's signature is asked for instead");
      return;
    }
    settle(store, lineage);
  }

  /**
   * A committed journal says that the standby may have committed that epoch. What it holds now says
   * whether it did.
   */
  private void settle(EpochStore store, State.Lineage lineage) throws IOException {
    try (JournalRecovery recovery = store.inspect()) {
      CommittedJournal journal = recovery.committed();
      boolean happened =
          journal != null
              && recovery.verdict().action() == Verdict.Action.REPLAY
              && journal.commit().epoch() == lineage.epoch()
              && journal.commit().root().equals(lineage.root());
      if (happened) {
        monitor.note(
            "the standby committed epoch "
                + lineage.epoch()
                + " although its acknowledgement was lost");
        store.replay(recovery, null, monitor);
      } else if (recovery.verdict().action() != Verdict.Action.NOTHING) {
        recovery.remove();
      }
    }
  }

  /**
   * Reads the volume's identity, or makes it {@code wanted} where it has none. Another run may hold
   * it for a moment.
   */
  private static @Nullable VolumeIdentity identity(
      SourcePlace place, @Nullable VolumeIdentity wanted) throws IOException {
    for (int tries = 1; ; tries++) {
      try (StateDirectory directory = place.identity(wanted != null)) {
        if (directory == null) {
          return null;
        }
        VolumeIdentity known = load(place, directory);
        if (known == null && wanted != null) {
          wanted.store(directory);
          return wanted;
        }
        return known;
      } catch (Failure e) {
        if (e.exit() != ExitCode.LOCKED || tries == IDENTITY_TRIES) {
          throw e;
        }
      }
      try {
        Thread.sleep(IDENTITY_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw Failure.interrupted(e);
      }
    }
  }

  private static @Nullable VolumeIdentity load(SourcePlace place, StateDirectory directory)
      throws IOException {
    try {
      return VolumeIdentity.load(directory);
    } catch (FormatException e) {
      throw new Failure(
          ExitCode.INTEGRITY,
          "which volume "
              + place.name()
              + " is, is remembered in "
              + directory.name()
              + ", but damaged ("
              + e.getMessage()
              + "). Nothing was touched. Remove it, and --init compares everything and goes on from"
              + " there",
          e);
    }
  }

  /** The volume's identity: the one that is remembered, or a new one. */
  VolumeIdentity identity() {
    return remembered == null ? fresh : remembered;
  }

  /** Whether no standby can know the volume by this identity. */
  boolean isFresh() {
    return remembered == null;
  }

  /**
   * What this standby last acknowledged; null when nothing is on record, or only a seed that never
   * ended.
   */
  @Nullable Manifest acknowledged() {
    Manifest manifest = store == null ? null : store.manifest();
    return manifest == null || manifest.epoch() == 0 ? null : manifest;
  }

  boolean signaturePresent() {
    return store != null && store.signaturePresent();
  }

  /** Where it is remembered what this standby acknowledged, once a run is prepared or cached. */
  StateDirectory directory() {
    return Objects.requireNonNull(store, "planned with a store").directory();
  }

  /** The signature of the acknowledged epoch. */
  Signature signature() {
    return Objects.requireNonNull(
        Objects.requireNonNull(store, "planned with a store").signature(),
        "planned with a signature");
  }

  /**
   * Makes what is on record of the standby what the standby itself has on record: another epoch of
   * the same lineage. Until that is proven, the signature here counts as missing.
   */
  void rejoin(State target, FarTree far) throws IOException {
    State.Lineage lineage = Objects.requireNonNull(target.lineage(), "a standby to rejoin");
    EpochStore known = Objects.requireNonNull(store, "a record to rejoin from");
    Manifest before = Objects.requireNonNull(known.manifest(), "an epoch to rejoin from");
    monitor.note(
        "the standby is at epoch "
            + lineage.epoch()
            + ", our record at epoch "
            + before.epoch()
            + ": compares their hash trees");
    known.store(before.withSignature(false));
    Signature signature = Objects.requireNonNull(known.signature(), "a signature to rejoin from");
    boolean proven = far.copyInto(signature).equals(lineage.root());
    if (proven) {
      signature.sync();
    } else {
      monitor.warn("the standby's hash tree is not that of its epoch; its signature is asked for");
    }
    known.store(
        before
            .standing(
                lineage.epoch(),
                lineage.root(),
                lineage.shape(),
                Instant.ofEpochMilli(lineage.time()))
            .withSignature(proven));
  }

  /**
   * Gets ready to record the epoch that {@code plan} makes, as changes of the signature that is
   * here.
   */
  SourceRecord prepare(Plan plan) throws IOException {
    if (!identity().volume().equals(plan.volume()) || isFresh()) {
      makeKnown(new VolumeIdentity(plan.volume(), plan.shape().key()));
    }
    EpochStore ready = store == null ? create(plan.standby()) : store;
    store = ready;
    Manifest known = ready.manifest();
    boolean matches =
        known != null
            && known.volume().equals(plan.volume())
            && known.epoch() == plan.basisEpoch()
            && known.root().equals(plan.basisRoot());
    if (!matches) {
      ready.store(basis(plan));
    }
    // Who has everything read trusts no signature, not its own either: the tree may be damaged.
    Signature signature = plan.basis() == Basis.READ ? null : ready.signature();
    if (signature == null || !signature.shape().equals(plan.shape())) {
      signature = ready.restartSignature(plan.shape());
      // What the journal holds are changes of it: it must be durable first.
      signature.sync();
    }
    JournalHeader header =
        new JournalHeader(
            plan.shape(), plan.basisEpoch(), plan.epoch(), plan.volume(), plan.time());
    return new SourceRecord(
        signature, JournalWriter.create(ready.directory(), header), ready.directory());
  }

  /** Two runs to two standbys must not both decide who a new volume is. */
  private void makeKnown(VolumeIdentity wanted) throws IOException {
    VolumeIdentity known = identity(place, wanted);
    if (known == null || !known.volume().equals(wanted.volume())) {
      throw new Failure(
          ExitCode.LOCKED,
          "another run to another standby has just decided who "
              + place.name()
              + " is. Nothing was touched; run this again");
    }
  }

  private static Manifest basis(Plan plan) {
    Instant time = Instant.ofEpochMilli(plan.time());
    Manifest seeding =
        Manifest.seeding(plan.label(), plan.volume(), plan.standby(), plan.shape(), time);
    return plan.basisEpoch() == 0
        ? seeding
        : seeding.standing(plan.basisEpoch(), plan.basisRoot(), plan.shape(), time);
  }

  private EpochStore create(UUID standby) throws IOException {
    try {
      return EpochStore.open(standbyDirectory(standby));
    } catch (FormatException e) {
      return EpochStore.openAnew(standbyDirectory(standby));
    }
  }

  private StateDirectory standbyDirectory(UUID standby) throws IOException {
    return Objects.requireNonNull(place.standby(standby, true), "a directory that was to be made");
  }

  /**
   * The standby acknowledged the epoch that was prepared and committed to the journal: it is ours
   * now. That we cannot remember it does not undo it.
   */
  void acknowledge(long epoch) {
    EpochStore acknowledged = Objects.requireNonNull(store, "acknowledged what was prepared");
    try (JournalRecovery recovery = acknowledged.inspect()) {
      if (recovery.verdict().action() != Verdict.Action.REPLAY) {
        throw new IOException(recovery.verdict().reason());
      }
      acknowledged.replay(recovery, null, Monitor.SILENT);
    } catch (IOException e) {
      monitor.warn(
          "the standby holds epoch "
              + epoch
              + ", but this source could not record it ("
              + e.getMessage()
              + "); the next run asks the standby for its signature");
    }
  }

  /** The standby was compared as a whole. */
  void verified(long epoch, boolean same) {
    if (store != null) {
      store.verified(epoch, same, monitor);
    }
  }

  @Override
  public void close() throws IOException {
    if (store != null) {
      store.close();
    }
  }
}
