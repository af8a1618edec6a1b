package snapferry.plan;

import static snapferry.plan.Refusal.bytes;
import static snapferry.plan.Refusal.refuse;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;
import snapferry.wire.Basis;
import snapferry.wire.Plan;
import snapferry.wire.Presence;
import snapferry.wire.Purpose;
import snapferry.wire.State;
import snapferry.wire.Wishes;

/**
 * Decides on the source what a session will do, from what the standby says it holds, what the
 * source knows and what the operator wishes. {@link Admission} checks the same on the standby,
 * which trusts no plan.
 */
public final class Planner {
  private final State target;
  private final SourceView source;
  private final Purpose purpose;
  private final Wishes wishes;

  private Planner(State target, SourceView source, Purpose purpose, Wishes wishes) {
    this.target = target;
    this.source = source;
    this.purpose = purpose;
    this.wishes = wishes;
  }

  /**
   * The plan.
   *
   * @throws Failure when the target must not be written, and what to do about it: {@link
   *     ExitCode#LINEAGE}, {@link ExitCode#SIZE}, {@link ExitCode#INTEGRITY} (it is damaged) or
   *     {@link ExitCode#USAGE} (the wishes do not go with it); for a verification that needs no
   *     reading, {@link ExitCode#DIFFERENT}, or {@link ExitCode#FAILED} when there is nothing to
   *     verify
   */
  public static Plan plan(State target, SourceView source, Purpose purpose, Wishes wishes)
      throws Failure {
    return new Planner(target, source, purpose, wishes).plan();
  }

  /**
   * Whether source and standby are at different epochs, both with a signature on record, and the
   * operator wishes to go on from there: then the records are compared before the plan is made.
   */
  public static boolean canRejoin(State target, SourceView source, Purpose purpose, Wishes wishes) {
    @Nullable Manifest acknowledged = source.acknowledged();
    State.@Nullable Lineage lineage = target.lineage();
    return purpose == Purpose.REPLICATE
        && wishes.rejoin()
        && !wishes.init()
        && !wishes.full()
        && target.presence() == Presence.STANDING
        && lineage != null
        && lineage.volume().equals(source.volume())
        && lineage.signaturePresent()
        && lineage.shape().geometry().size() == source.size()
        && acknowledged != null
        && !agree(acknowledged, lineage)
        && source.signaturePresent()
        && acknowledged.shape().equals(lineage.shape());
  }

  private Plan plan() throws Failure {
    if (purpose == Purpose.VERIFY) {
      return verification();
    }
    if (target.presence() == Presence.BARE && !wishes.init()) {
      throw unadopted();
    }
    checkCapacity();
    return switch (target.presence()) {
      case ABSENT -> first(Basis.ZERO);
      case BARE -> first(Basis.READ);
      case SEEDING -> resumption();
      case STANDING -> succession();
    };
  }

  private void checkCapacity() throws Failure {
    boolean absent = target.presence() == Presence.ABSENT;
    if (!absent && target.capacity() < source.size()) {
      if (target.device()) {
        throw refuse(
            ExitCode.SIZE,
            "the source has %s, the target device only %s. Nothing was touched. Enlarge the device"
                + " (lvextend) and run again",
            bytes(source.size()),
            bytes(target.capacity()));
      }
      if (!wishes.grow()) {
        throw refuse(
            ExitCode.SIZE,
            "the source has %s, the target only %s. Nothing was touched. --grow makes the target"
                + " longer",
            bytes(source.size()),
            bytes(target.capacity()));
      }
    }
    if (!absent && !target.device() && target.capacity() > source.size()) {
      throw refuse(
          ExitCode.SIZE,
          "the target has %s, the source only %s. Nothing was touched: a file is never cut by us."
              + " If the surplus may go, cut it (truncate -s %d) and run with --init, or remove the"
              + " image and its state directory to seed anew",
          bytes(target.capacity()),
          bytes(source.size()),
          source.size());
    }
  }

  /** Before anything else is said of the target: only the operator can say that it may go. */
  private Failure unadopted() {
    return target.damaged()
        ? refuse(
            ExitCode.INTEGRITY,
            "the target's journal or manifest is damaged, or its image was cut, so the image may be"
                + " between two epochs; nothing was touched. --init (with --grow, if it was cut)"
                + " compares the whole image with the source and makes it right")
        : refuse(
            ExitCode.LINEAGE,
            "the target exists, but is not known to be a standby of any volume. Nothing was"
                + " touched. If it may be overwritten: --init compares it with the source and"
                + " makes it one");
  }

  private Plan resumption() throws Failure {
    State.Lineage lineage = lineage();
    if (!lineage.volume().equals(source.volume()) && !(source.fresh() && wishes.init())) {
      throw foreign(lineage, "a half-seeded standby");
    }
    return plan(
        Basis.READ,
        shape(lineage.shape(), true),
        1,
        0,
        RootHash.NONE,
        lineage.volume(),
        lineage.standby());
  }

  private Plan succession() throws Failure {
    State.Lineage lineage = lineage();
    if (!lineage.volume().equals(source.volume()) && !(source.fresh() && wishes.init())) {
      throw foreign(lineage, "epoch " + lineage.epoch());
    }
    if (source.size() < lineage.shape().geometry().size()) {
      throw refuse(
          ExitCode.SIZE,
          "the source shrank from %s to %s, and a standby never shrinks. Nothing was touched. Seed"
              + " a new one",
          bytes(lineage.shape().geometry().size()),
          bytes(source.size()));
    }
    @Nullable Manifest acknowledged = source.acknowledged();
    boolean agreed = acknowledged != null && agree(acknowledged, lineage);
    if (acknowledged != null && !agreed && !wishes.init() && !wishes.rejoin()) {
      throw refuse(
          ExitCode.LINEAGE,
          "the standby is at epoch %d (root %s), but last acknowledged epoch %d (root %s) to this"
              + " source: it was rolled back, an older image or source state was restored, or another source wrote to"
              + " it. Nothing was touched. --rejoin goes on from what both have on record, --init"
              + " compares everything",
          lineage.epoch(),
          lineage.root().brief(),
          acknowledged.epoch(),
          acknowledged.root().brief());
    }
    boolean readAnyway =
        wishes.full()
            || wishes.init()
            || !lineage.signaturePresent()
            || source.size() != lineage.shape().geometry().size();
    SignatureShape shape = shape(lineage.shape(), readAnyway);
    boolean cached =
        acknowledged != null
            && agreed
            && source.signaturePresent()
            && acknowledged.shape().equals(shape);
    return plan(
        readAnyway ? Basis.READ : cached ? Basis.CACHED : Basis.STORED,
        shape,
        lineage.epoch() + 1,
        lineage.epoch(),
        lineage.root(),
        lineage.volume(),
        lineage.standby());
  }

  private static boolean agree(Manifest acknowledged, State.Lineage lineage) {
    return acknowledged.epoch() == lineage.epoch() && acknowledged.root().equals(lineage.root());
  }

  private Plan verification() throws Failure {
    if (target.presence() == Presence.ABSENT) {
      throw refuse(ExitCode.FAILED, "there is no image to verify");
    }
    State.@Nullable Lineage lineage = target.lineage();
    long held =
        lineage == null || !target.device() ? target.capacity() : lineage.shape().geometry().size();
    boolean bareDevice = target.device() && lineage == null;
    boolean fits = bareDevice ? held >= source.size() : held == source.size();
    if (!fits) {
      throw refuse(
          ExitCode.DIFFERENT,
          "the source has %s, the target %s",
          bytes(source.size()),
          bytes(held));
    }
    return plan(
        Basis.READ,
        shape(lineage == null ? null : lineage.shape(), true),
        lineage == null ? 0 : lineage.epoch(),
        lineage == null ? 0 : lineage.epoch(),
        lineage == null ? RootHash.NONE : lineage.root(),
        source.volume(),
        lineage == null ? new UUID(0, 0) : lineage.standby());
  }

  private Plan first(Basis basis) {
    return plan(basis, freshShape(), 1, 0, RootHash.NONE, source.volume(), UUID.randomUUID());
  }

  private Plan plan(
      Basis basis,
      SignatureShape shape,
      long epoch,
      long basisEpoch,
      RootHash basisRoot,
      UUID volume,
      UUID standby) {
    return new Plan(
        purpose,
        basis,
        wishes.init(),
        wishes.grow(),
        shape,
        epoch,
        source.time(),
        basisEpoch,
        basisRoot,
        volume,
        standby,
        source.label(),
        source.changeSource());
  }

  private SignatureShape freshShape() {
    return new SignatureShape(
        new Geometry(
            source.size(), Objects.requireNonNullElse(wishes.blockSize(), BlockSize.DEFAULT)),
        Objects.requireNonNullElse(wishes.hash(), HashKind.FAST128),
        source.key());
  }

  /**
   * The shape of the image's signature at the source's size, changed as wished if everything is
   * read anyway.
   */
  private SignatureShape shape(@Nullable SignatureShape held, boolean mayChange) throws Failure {
    if (held == null) {
      return freshShape();
    }
    BlockSize blockSize =
        Objects.requireNonNullElse(wishes.blockSize(), held.geometry().blockSize());
    HashKind hash = Objects.requireNonNullElse(wishes.hash(), held.hash());
    if (!mayChange && (!blockSize.equals(held.geometry().blockSize()) || hash != held.hash())) {
      throw refuse(
          ExitCode.USAGE,
          "the standby's signature has blocks of %s and %s. Nothing was touched. To change that,"
              + " both ends must read everything: --full",
          bytes(held.geometry().blockSize().bytes()),
          held.hash().label());
    }
    return new SignatureShape(new Geometry(source.size(), blockSize), hash, held.key());
  }

  private Failure foreign(State.Lineage lineage, String what) {
    return source.fresh()
        ? refuse(
            ExitCode.LINEAGE,
            "the target is %s of volume %s, of which this source has no record. Nothing was"
                + " touched. If it is this volume and the source's state was lost: --init compares"
                + " everything and goes on from there",
            what,
            lineage.volume())
        : refuse(
            ExitCode.LINEAGE,
            "the target is %s of volume %s, but %s is volume %s. Nothing was touched. If the target"
                + " may be overwritten, remove its state directory and run with --init",
            what,
            lineage.volume(),
            source.name(),
            source.volume());
  }

  private State.Lineage lineage() {
    return Objects.requireNonNull(target.lineage(), "a target with an epoch has a lineage");
  }
}
