package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.journal.CommittedJournal;
import snapferry.journal.JournalRecovery;
import snapferry.journal.Manifest;
import snapferry.journal.StateFiles;
import snapferry.journal.Verification;

/**
 * A state directory with its manifest, signature and journal: which epoch is held here, and how it
 * moves on. The standby has one beside its image; the source has one per standby, of what that
 * standby acknowledged.
 */
final class EpochStore implements Closeable {
  private final StateDirectory directory;
  private @Nullable Manifest manifest;
  private @Nullable Signature signature;

  private EpochStore(StateDirectory directory) {
    this.directory = directory;
  }

  /**
   * Reads the manifest and opens the signature that belongs to it. Owns {@code directory} from now
   * on, also if this throws.
   *
   * @throws FormatException if the manifest is damaged
   */
  static EpochStore open(StateDirectory directory) throws IOException {
    EpochStore store = new EpochStore(directory);
    try {
      store.manifest = Manifest.load(directory);
      store.openSignature();
      return store;
    } catch (Throwable e) {
      directory.close();
      throw e;
    }
  }

  /**
   * Forgets a manifest and a journal that cannot be relied on, and opens what is then empty. Owns
   * {@code directory} from now on, also if this throws.
   */
  static EpochStore openAnew(StateDirectory directory) throws IOException {
    try {
      directory.delete(StateFiles.MANIFEST);
      directory.delete(StateFiles.JOURNAL);
    } catch (IOException e) {
      directory.close();
      throw e;
    }
    return open(directory);
  }

  StateDirectory directory() {
    return directory;
  }

  @Nullable Manifest manifest() {
    return manifest;
  }

  /**
   * The signature of the manifest's epoch, or the one that is being built; null when there is none.
   */
  @Nullable Signature signature() {
    return signature;
  }

  /** Whether the stored signature is that of the manifest's epoch. */
  boolean signaturePresent() {
    return manifest != null && manifest.signaturePresent() && signature != null;
  }

  /** Replaces the manifest, durably. */
  void store(Manifest next) throws IOException {
    next.store(directory);
    manifest = next;
  }

  /**
   * Starts an empty signature, of zeros, after the manifest said durably that it belongs to no
   * epoch.
   */
  Signature restartSignature(SignatureShape shape) throws IOException {
    Manifest current = Objects.requireNonNull(manifest, "a signature belongs to a manifest");
    if (current.signaturePresent()) {
      store(current.withSignature(false));
    }
    closeSignature();
    signature = Signature.create(directory.open(StateFiles.SIGNATURE), shape);
    return signature;
  }

  /** All was compared as a whole at {@code epoch}. That this cannot be noted undoes nothing. */
  void verified(long epoch, boolean same, Monitor monitor) {
    if (epoch == 0) {
      return;
    }
    try {
      Verification.now(epoch, same).store(directory);
    } catch (IOException e) {
      monitor.note("that it was verified could not be noted: " + e.getMessage());
    }
  }

  /** Removes the signature, which the manifest does not count on any more. */
  void dropSignature() throws IOException {
    closeSignature();
    directory.delete(StateFiles.SIGNATURE);
  }

  /**
   * Removes the undo records of all epochs but the last {@code keep}: what leads further back, and
   * what was left of an epoch that never came.
   */
  void keepHistory(int keep) throws IOException {
    long epoch = manifest == null ? 0 : manifest.epoch();
    for (String file : directory.files()) {
      OptionalLong undone = StateFiles.undone(file);
      if (undone.isPresent()
          && (undone.getAsLong() > epoch || undone.getAsLong() <= epoch - keep)) {
        directory.delete(file);
      }
    }
  }

  /** What was left behind by the last run. Close it, or bring it to its end. */
  JournalRecovery inspect() throws IOException {
    return JournalRecovery.inspect(directory, manifest);
  }

  /**
   * Applies a committed journal: to the image if there is one, and to the signature; then the
   * manifest says so, and the journal is gone.
   *
   * @return bytes written to the image
   */
  long replay(JournalRecovery recovery, @Nullable BlockDevice image, Monitor monitor)
      throws IOException {
    CommittedJournal journal = Objects.requireNonNull(recovery.committed(), "REPLAY is committed");
    SignatureShape shape = journal.header().shape();
    openSignatureOf(shape);
    if (image != null) {
      fit(image, shape.geometry().size());
    }
    Application application = new Application(image, signature, monitor, journal.commit().end());
    recovery.replay(application);
    application.sync();
    boolean proven = signature != null && signature.root().equals(journal.commit().root());
    if (!proven) {
      monitor.warn(
          directory.name()
              + ": the signature is missing or does not match the epoch; the next run reads the"
              + " image anew");
    }
    store(
        Objects.requireNonNull(manifest, "REPLAY has a manifest")
            .standing(
                journal.header().epoch(),
                journal.commit().root(),
                shape,
                Instant.ofEpochMilli(journal.header().time()))
            .withSignature(proven));
    recovery.remove();
    return application.bytesWritten();
  }

  /**
   * A file grows with its volume. It is cut only by a rollback, which goes back to when the volume
   * was smaller: no other journal leads there.
   */
  private void fit(BlockDevice image, long size) throws IOException {
    long before = Objects.requireNonNull(manifest, "what is moved on").shape().geometry().size();
    boolean cut = size < before && image.size() > size && !image.isDevice();
    if (cut || image.size() < size) {
      image.resize(size);
    }
  }

  private void openSignature() throws IOException {
    if (manifest != null && manifest.signaturePresent()) {
      openSignatureOf(manifest.shape());
    }
  }

  /** Opens the signature file if it is one of {@code shape}: a cache that does not fit is none. */
  private void openSignatureOf(SignatureShape shape) throws IOException {
    if (signature != null && signature.shape().equals(shape)) {
      return;
    }
    closeSignature();
    if (!directory.exists(StateFiles.SIGNATURE)) {
      return;
    }
    Storage file = directory.open(StateFiles.SIGNATURE);
    try {
      Signature found = Signature.open(file);
      if (found.shape().equals(shape)) {
        signature = found;
      } else {
        found.close();
      }
    } catch (FormatException e) {
      file.close();
    }
  }

  private void closeSignature() throws IOException {
    if (signature != null) {
      signature.close();
      signature = null;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      closeSignature();
    } finally {
      directory.close();
    }
  }
}
