package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.delta.BlockSigner;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.delta.TreeUpdate;
import snapferry.device.BlockDevice;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.journal.JournalHeader;
import snapferry.journal.JournalRecovery;
import snapferry.journal.JournalWriter;
import snapferry.journal.Manifest;
import snapferry.journal.StateFiles;
import snapferry.journal.Verdict;

/** Which epoch a state directory holds, and how it moves on. */
@NullMarked
class EpochStoreTest {
  private static final int BLOCK = 8192;
  private static final int BLOCKS = 6;
  private static final UUID VOLUME = new UUID(1, 1);
  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final SignatureShape SHAPE = shape(BLOCKS);

  private final HostileDisk disk = new HostileDisk();
  private final Notes notes = new Notes();

  @Test
  void anEmptyDirectoryHoldsNothing() throws IOException {
    try (EpochStore store = open(disk)) {
      assertThat(store.manifest()).isNull();
      assertThat(store.signature()).isNull();
      assertThat(store.signaturePresent()).isFalse();
      assertThat(store.inspect().verdict().action()).isEqualTo(Verdict.Action.NOTHING);
    }
  }

  @Test
  void whatWasStoredIsThereWhenItIsOpenedAgain() throws IOException {
    Manifest manifest = seedEpochOne(disk);
    try (EpochStore store = open(disk.rebootKeepingNone())) {
      assertThat(store.manifest()).isEqualTo(manifest);
      assertThat(store.signaturePresent()).isTrue();
      Signature signature = store.signature();
      assertThat(signature).isNotNull();
      assertThat(signature.root()).isEqualTo(manifest.root());
    }
  }

  @Test
  void aDamagedManifestIsSaidAndTheDirectoryLeftUnlocked() throws IOException {
    try (StateDirectory directory = disk.directory("state")) {
      directory.replace(StateFiles.MANIFEST, new byte[] {1, 2, 3});
    }
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> open(disk)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void aSignatureThatIsMissingGarbledOrOfAnotherShapeIsNone() throws IOException {
    for (byte[] file : new byte[][] {null, {}, new byte[100], new byte[100_000]}) {
      HostileDisk other = new HostileDisk();
      seedEpochOne(other);
      try (StateDirectory directory = other.directory("state")) {
        directory.delete(StateFiles.SIGNATURE);
        if (file != null) {
          directory.replace(StateFiles.SIGNATURE, file);
        }
      }
      assertUnsigned(other);
    }
    seedEpochOne(disk);
    try (StateDirectory directory = disk.directory("state");
        Signature longer = Signature.create(directory.open(StateFiles.SIGNATURE), shape(7))) {
      longer.sync();
    }
    assertUnsigned(disk);
  }

  @Test
  void aSignatureIsNotTouchedBeforeTheManifestSaysDurablyThatItIsNone() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    boolean finished = false;
    for (int n = 0; !finished; n++) {
      HostileDisk crashing = new HostileDisk();
      RootHash root = seedEpochOne(crashing).root();
      int from = crashing.operations();
      crashing.crashAt(from + n, random);
      try (EpochStore store = open(crashing)) {
        Signature anew = store.restartSignature(shape(BLOCKS + 1));
        anew.sync();
        finished = crashing.operations() <= from + n;
        assertThat(store.signaturePresent()).isFalse();
        assertThat(store.signature()).isSameAs(anew);
      } catch (HostileDisk.Crashed e) {
        // Looked at below.
      }
      try (EpochStore store = open(crashing.reboot(random))) {
        Signature signature = store.signature();
        if (store.signaturePresent() && signature != null) {
          assertThat(signature.root()).as("operation %d, seed %d", n, seed).isEqualTo(root);
        }
      }
    }
  }

  @Test
  void aReplayBringsImageSignatureAndManifestToTheEpochAndRemovesTheJournal() throws IOException {
    seedEpochOne(disk);
    RootHash root = commitEpochTwo(disk, SHAPE);
    BlockDevice image = disk.file("image", BLOCKS * BLOCK);
    try (EpochStore store = open(disk)) {
      assertThat(replay(store, image)).as("bytes written").isEqualTo(BLOCK);
      assertEpochTwo(store, root, SHAPE);
      assertThat(store.signaturePresent()).isTrue();
      assertThat(store.directory().exists(StateFiles.JOURNAL)).isFalse();
    }
    assertThat(notes.warnings).isEmpty();
    assertThat(disk.rebootKeepingNone().content("image")).isEqualTo(epochTwo());
  }

  @Test
  void aReplayOnTheSourceHasNoImage() throws IOException {
    seedEpochOne(disk);
    RootHash root = commitEpochTwo(disk, SHAPE);
    try (EpochStore store = open(disk)) {
      assertThat(replay(store, null)).isZero();
      assertEpochTwo(store, root, SHAPE);
      assertThat(store.signaturePresent()).isTrue();
    }
  }

  @Test
  void aReplayOntoAShorterImageMakesItLonger() throws IOException {
    SignatureShape longer = shape(BLOCKS + 2);
    seedEpochOne(disk);
    RootHash root = commitEpochTwo(disk, longer);
    BlockDevice image = disk.file("image", BLOCKS * BLOCK);
    try (EpochStore store = open(disk)) {
      replay(store, image);
      assertEpochTwo(store, root, longer);
      assertThat(store.signaturePresent()).isTrue();
    }
    assertThat(disk.content("image")).isEqualTo(Arrays.copyOf(epochTwo(), (BLOCKS + 2) * BLOCK));
  }

  @Test
  void aReplayWithoutTheSignatureIsAnEpochWithoutOneAndSaysSo() throws IOException {
    seedEpochOne(disk);
    RootHash root = commitEpochTwo(disk, SHAPE);
    try (StateDirectory directory = disk.directory("state")) {
      directory.delete(StateFiles.SIGNATURE);
    }
    BlockDevice image = disk.file("image", BLOCKS * BLOCK);
    try (EpochStore store = open(disk)) {
      replay(store, image);
      assertEpochTwo(store, root, SHAPE);
      assertThat(store.signaturePresent()).isFalse();
    }
    assertThat(disk.content("image")).isEqualTo(epochTwo());
    assertThat(notes.warnings).singleElement().asString().contains("reads the image anew");
  }

  private void assertUnsigned(HostileDisk unsigned) throws IOException {
    try (EpochStore store = open(unsigned)) {
      assertThat(store.manifest()).isNotNull();
      assertThat(store.signature()).isNull();
      assertThat(store.signaturePresent()).isFalse();
    }
  }

  private static void assertEpochTwo(EpochStore store, RootHash root, SignatureShape shape) {
    Manifest manifest = store.manifest();
    assertThat(manifest).isNotNull();
    assertThat(manifest.epoch()).isEqualTo(2);
    assertThat(manifest.root()).isEqualTo(root);
    assertThat(manifest.shape()).isEqualTo(shape);
  }

  private long replay(EpochStore store, @Nullable BlockDevice image) throws IOException {
    try (JournalRecovery recovery = store.inspect()) {
      return store.replay(recovery, image, notes);
    }
  }

  private static EpochStore open(HostileDisk disk) throws IOException {
    return EpochStore.open(disk.directory("state"));
  }

  /** Epoch 1: block 0 is ones, block 1 twos, the others are zeros. */
  private static Manifest seedEpochOne(HostileDisk disk) throws IOException {
    byte[] content = new byte[BLOCKS * BLOCK];
    Arrays.fill(content, 0, BLOCK, (byte) 1);
    Arrays.fill(content, BLOCK, 2 * BLOCK, (byte) 2);
    disk.preload("image", content);
    try (EpochStore store = open(disk)) {
      Manifest seeding = Manifest.seeding("vol0", VOLUME, new UUID(2, 2), SHAPE, TIME);
      store.store(seeding);
      Signature signature = store.restartSignature(SHAPE);
      signature.putEntry(0, entry(0, (byte) 1));
      signature.putEntry(1, entry(1, (byte) 2));
      signature.rebuildTree();
      signature.sync();
      store.directory().sync();
      Manifest standing = seeding.standing(1, signature.root(), SHAPE, TIME).withSignature(true);
      store.store(standing);
      return standing;
    }
  }

  /** What {@link #commitEpochTwo} makes of it: block 0 becomes zeros, block 3 threes. */
  private static byte[] epochTwo() {
    byte[] content = new byte[BLOCKS * BLOCK];
    Arrays.fill(content, BLOCK, 2 * BLOCK, (byte) 2);
    Arrays.fill(content, 3 * BLOCK, 4 * BLOCK, (byte) 3);
    return content;
  }

  /**
   * Commits a journal of epoch 2 without applying it. A volume that grows has its signature built
   * anew before, as on a standby that reads its image.
   */
  private static RootHash commitEpochTwo(HostileDisk disk, SignatureShape shape)
      throws IOException {
    try (EpochStore store = open(disk)) {
      Signature base = Objects.requireNonNull(store.signature());
      if (!shape.equals(SHAPE)) {
        base = store.restartSignature(shape);
        base.putEntry(0, entry(0, (byte) 1));
        base.putEntry(1, entry(1, (byte) 2));
        base.rebuildTree();
        base.sync();
      }
      JournalHeader header = new JournalHeader(shape, 1, 2, VOLUME, TIME.toEpochMilli());
      try (JournalWriter journal = JournalWriter.create(store.directory(), header)) {
        TreeUpdate tree = new TreeUpdate(base, new JournalNodes(journal));
        journal.zero(0, 1);
        tree.putZeros(0, 1);
        ByteBuffer entry = entry(3, (byte) 3);
        byte[] ops = new byte[BLOCK / BlockSize.PAGE];
        Arrays.fill(ops, PageRuns.LITERAL);
        journal.block(3, entry, ops, filled((byte) 3), 0, BLOCK);
        tree.put(3, entry, 0);
        RootHash root = tree.finish();
        journal.commit(root);
        return root;
      }
    }
  }

  private static ByteBuffer entry(long block, byte content) {
    ByteBuffer entry =
        ByteBuffer.allocateDirect(SHAPE.entryLength()).order(ByteOrder.LITTLE_ENDIAN);
    BlockSigner signer = new BlockSigner(SHAPE);
    signer.hash(filled(content), 0, SHAPE.geometry().length(block), entry, 0);
    int hash = SHAPE.hash().length();
    signer.pageSums(filled(content), 0, SHAPE.geometry().length(block), entry, hash);
    return entry;
  }

  private static ByteBuffer filled(byte content) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      bytes.put(content);
    }
    return bytes.clear();
  }

  private static SignatureShape shape(int blocks) {
    Geometry geometry = new Geometry((long) blocks * BLOCK, new BlockSize(BLOCK));
    return new SignatureShape(geometry, HashKind.FAST128, new SignatureShape.Key(3, 4));
  }
}
