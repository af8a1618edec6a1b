package snapferry.plan;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;
import snapferry.wire.Plan;
import snapferry.wire.Presence;
import snapferry.wire.Purpose;
import snapferry.wire.State;
import snapferry.wire.Wishes;

/**
 * What the planner is asked: a target, a source and what the operator wants. Starts from the usual
 * case, in which both ends agree on epoch 7, and differs from it step by step.
 */
@NullMarked
record Situation(State target, SourceView source, Purpose purpose, Wishes wishes) {
  static final UUID VOLUME = new UUID(1, 1);
  static final UUID OTHER_VOLUME = new UUID(2, 2);
  static final UUID STANDBY = new UUID(3, 3);
  static final SignatureShape.Key KEY = new SignatureShape.Key(4, 5);
  static final BlockSize BLOCK = new BlockSize(64 << 10);
  static final long SIZE = 10L << 20;
  static final long EPOCH = 7;
  static final long TIME = 1_700_000_000_000L;

  static final State STANDING = standing(lineage(VOLUME, EPOCH, EPOCH, shape(SIZE), true));
  static final Situation USUAL =
      new Situation(
          STANDING,
          new SourceView(
              "/dev/vg/vol0", "vol0", "scan", SIZE, VOLUME, KEY, false, TIME, null, false),
          Purpose.REPLICATE,
          Wishes.NONE);
  static final Situation AGREED = USUAL.acknowledged(EPOCH, EPOCH, shape(SIZE), true);

  static SignatureShape shape(long size) {
    return shape(size, BLOCK.bytes(), HashKind.FAST128);
  }

  static SignatureShape shape(long size, int blockSize, HashKind hash) {
    return new SignatureShape(new Geometry(size, new BlockSize(blockSize)), hash, KEY);
  }

  /** The root of content number {@code content}. */
  static RootHash root(long content) {
    return new RootHash(content, 0, 0, 0);
  }

  static State.Lineage lineage(
      UUID volume, long epoch, long content, SignatureShape shape, boolean signature) {
    return new State.Lineage(volume, STANDBY, epoch, root(content), shape, TIME, signature);
  }

  static State standing(State.Lineage lineage) {
    long size = lineage.shape().geometry().size();
    return new State(Presence.STANDING, false, false, 512, size, Wishes.NONE, lineage);
  }

  static State seeding(UUID volume) {
    State.Lineage lineage = lineage(volume, 0, 0, shape(SIZE), false);
    return new State(Presence.SEEDING, false, false, 512, SIZE, Wishes.NONE, lineage);
  }

  static State absent() {
    return new State(Presence.ABSENT, false, false, 512, 0, Wishes.NONE, null);
  }

  static State bare(boolean damaged) {
    return new State(Presence.BARE, false, damaged, 512, SIZE, Wishes.NONE, null);
  }

  Situation target(State other) {
    return new Situation(other, source, purpose, wishes);
  }

  Situation on(boolean device, long capacity) {
    return target(
        new State(
            target.presence(),
            device,
            target.damaged(),
            target.sectorSize(),
            capacity,
            target.wishes(),
            target.lineage()));
  }

  Situation sourceSize(long size) {
    return source(
        size, source.volume(), source.fresh(), source.acknowledged(), source.signaturePresent());
  }

  /** The source's state was lost: it has an identity that no standby knows. */
  Situation fresh() {
    return source(source.size(), new UUID(9, 9), true, null, false);
  }

  Situation acknowledged(long epoch, long content, SignatureShape shape, boolean signature) {
    Manifest manifest =
        Manifest.seeding("vol0", VOLUME, STANDBY, shape, Instant.ofEpochMilli(TIME))
            .standing(epoch, root(content), shape, Instant.ofEpochMilli(TIME))
            .withSignature(signature);
    return source(source.size(), source.volume(), source.fresh(), manifest, signature);
  }

  private Situation source(
      long size, UUID volume, boolean fresh, @Nullable Manifest acknowledged, boolean signature) {
    SourceView other =
        new SourceView(
            source.name(),
            source.label(),
            source.changeSource(),
            size,
            volume,
            source.key(),
            fresh,
            source.time(),
            acknowledged,
            signature);
    return new Situation(target, other, purpose, wishes);
  }

  Situation init() {
    return wishing(
        new Wishes(true, wishes.grow(), wishes.full(), false, wishes.hash(), wishes.blockSize()));
  }

  Situation grow() {
    return wishing(
        new Wishes(wishes.init(), true, wishes.full(), false, wishes.hash(), wishes.blockSize()));
  }

  Situation full() {
    return wishing(
        new Wishes(wishes.init(), wishes.grow(), true, false, wishes.hash(), wishes.blockSize()));
  }

  Situation blocks(int bytes) {
    return wishing(
        new Wishes(
            wishes.init(),
            wishes.grow(),
            wishes.full(),
            false,
            wishes.hash(),
            new BlockSize(bytes)));
  }

  Situation hash(HashKind hash) {
    return wishing(
        new Wishes(wishes.init(), wishes.grow(), wishes.full(), false, hash, wishes.blockSize()));
  }

  private Situation wishing(Wishes other) {
    return new Situation(target, source, purpose, other);
  }

  Situation purpose(Purpose other) {
    return new Situation(target, source, other, wishes);
  }

  Plan plan() throws Failure {
    return Planner.plan(target, source, purpose, wishes);
  }
}
