package snapferry.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.codec.FormatException;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.CommittedJournal;
import snapferry.journal.ImageState;
import snapferry.journal.JournalRecovery;
import snapferry.journal.Manifest;
import snapferry.journal.Verdict;
import snapferry.replicate.LocalStandbyPlace;

/**
 * What a standby holds, as far as a look without lock tells.
 *
 * @param target its path
 * @param condition what it is good for
 * @param manifest null when there is none that can be read
 * @param detail why it is damaged, or which epoch waits for recovery; empty otherwise
 */
record StandbyStatus(
    String target, Condition condition, @Nullable Manifest manifest, String detail) {
  /** What a standby is good for. */
  enum Condition {
    STANDING(ExitCode.DONE),
    SEEDING(ExitCode.DONE),
    /** In use, as a volume of its own. */
    PROMOTED(ExitCode.DONE),
    /** An epoch is committed, but not applied: the image may be between two epochs. */
    RECOVER(ExitCode.WARNINGS),
    /** Nothing says that this is a standby. */
    UNKNOWN(ExitCode.LINEAGE),
    DAMAGED(ExitCode.INTEGRITY);

    private final ExitCode exit;

    Condition(ExitCode exit) {
      this.exit = exit;
    }

    /** How a command ends that finds this at worst. */
    ExitCode exit() {
      return exit;
    }

    /** The word in JSON. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Looks at {@code place}. */
  static StandbyStatus of(LocalStandbyPlace place) throws IOException {
    try (StateDirectory directory = place.look()) {
      Manifest manifest = directory == null ? null : Manifest.load(directory);
      if (directory == null || manifest == null) {
        return new StandbyStatus(place.name(), Condition.UNKNOWN, null, "");
      }
      try (JournalRecovery recovery = JournalRecovery.inspect(directory, manifest)) {
        return of(place, manifest, recovery);
      }
    } catch (FormatException e) {
      return new StandbyStatus(
          place.name(), Condition.DAMAGED, null, String.valueOf(e.getMessage()));
    }
  }

  private static StandbyStatus of(
      LocalStandbyPlace place, Manifest manifest, JournalRecovery recovery) throws IOException {
    String defect = defect(place, manifest, recovery);
    if (defect != null) {
      return new StandbyStatus(place.name(), Condition.DAMAGED, manifest, defect);
    }
    CommittedJournal committed = recovery.committed();
    return switch (recovery.verdict().action()) {
      case REPLAY ->
          new StandbyStatus(
              place.name(),
              Condition.RECOVER,
              manifest,
              committed == null ? "" : "epoch " + committed.header().epoch() + " committed");
      default -> new StandbyStatus(place.name(), condition(manifest.state()), manifest, "");
    };
  }

  private static Condition condition(ImageState state) {
    return switch (state) {
      case SEEDING -> Condition.SEEDING;
      case STANDING -> Condition.STANDING;
      case PROMOTED -> Condition.PROMOTED;
    };
  }

  private static @Nullable String defect(
      LocalStandbyPlace place, Manifest manifest, JournalRecovery recovery) throws IOException {
    if (recovery.verdict().action() == Verdict.Action.REFUSE) {
      return recovery.verdict().reason();
    }
    boolean moving = recovery.verdict().action() == Verdict.Action.REPLAY;
    if (manifest.state() != ImageState.STANDING || moving) {
      return null; // On its way to another epoch, it may have the size of that one already.
    }
    try (BlockDevice image = place.open(false)) {
      if (image == null) {
        return "the image is missing";
      }
      return image.size() < manifest.shape().geometry().size()
          ? "the image is shorter than its epoch"
          : null;
    } catch (Failure e) {
      return String.valueOf(e.getMessage()); // A device that is not there must not hide the others.
    }
  }

  /** A condition for people. */
  static String words(Condition condition, String detail) {
    return switch (condition) {
      case RECOVER -> "standing, " + detail + ", recover";
      case DAMAGED -> "damaged: " + detail;
      default -> condition.label();
    };
  }

  /** The cells of a table for people, as in {@link #HEADINGS}. */
  List<String> cells(Instant now) {
    String state = words(condition, detail);
    boolean epoch = manifest != null && manifest.epoch() > 0;
    if (manifest == null) {
      return List.of(target, "-", "-", "-", "-", "-", state);
    }
    return List.of(
        target,
        manifest.label(),
        Long.toString(manifest.epoch()),
        epoch ? manifest.root().brief() : "-",
        manifest.time().truncatedTo(ChronoUnit.SECONDS).toString(),
        Amount.age(Duration.between(manifest.time(), now)),
        state);
  }

  static final List<String> HEADINGS =
      List.of("TARGET", "VOLUME", "EPOCH", "ROOT", "TIME", "LAG", "STATE");

  /** The fields of the event {@code status}. */
  void fields(JsonGenerator event, Instant now) throws IOException {
    event.writeStringField("target", target);
    event.writeStringField("state", condition.label());
    event.writeStringField("detail", detail);
    if (manifest != null) {
      event.writeStringField("volume", manifest.label());
      event.writeStringField("lineage", manifest.volume().toString());
      event.writeStringField("standby", manifest.standby().toString());
      event.writeNumberField("epoch", manifest.epoch());
      event.writeStringField("root", manifest.epoch() > 0 ? manifest.root().toString() : "");
      event.writeNumberField("bytesTotal", manifest.shape().geometry().size());
      event.writeStringField("time", manifest.time().toString());
      event.writeNumberField(
          "lagSeconds", Math.max(0, Duration.between(manifest.time(), now).toSeconds()));
    }
  }
}
