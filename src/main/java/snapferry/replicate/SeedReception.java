package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import snapferry.delta.EntryWriter;
import snapferry.delta.PageRuns;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.delta.TreeUpdate;
import snapferry.device.BlockDevice;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;
import snapferry.journal.Manifest;
import snapferry.session.ReceiverSession;
import snapferry.wire.Ack;
import snapferry.wire.Basis;
import snapferry.wire.DeltaDecoder;
import snapferry.wire.End;
import snapferry.wire.Plan;

/**
 * A first seed: there is no epoch to protect, so blocks go straight into the image, which says
 * SEEDING until its root is proven. A seed that was cut off is resumed by comparing what is there,
 * so it needs no mark: everything that reached the disk is found by its hash and not sent again.
 */
final class SeedReception implements Reception {
  private final Plan plan;
  private final Geometry geometry;
  private final BlockDevice image;
  private final Signature signature;
  private final EpochStore store;
  private final Assembly assembly;
  private final TreeUpdate tree;
  private final EntryWriter entries;
  private final WriteBack writeBack;
  private long bytesWritten;

  SeedReception(Plan plan, BlockDevice image, Signature signature, EpochStore store)
      throws IOException {
    this.plan = plan;
    this.geometry = plan.shape().geometry();
    this.image = image;
    this.signature = signature;
    this.store = store;
    this.assembly = new Assembly(image, signature, false, false, null);
    this.tree = new TreeUpdate(signature, signature);
    // Where the image is read, the same signature is made of that meanwhile, always further ahead.
    this.entries = signature.entryWriter(plan.basis() == Basis.ZERO);
    this.writeBack = new WriteBack(image, geometry.size());
  }

  @Override
  public boolean block(DeltaDecoder delta, boolean repeated) throws IOException {
    if (!repeated) {
      // What it will be in the end: a block that does not come out so comes again, and does then.
      tree.put(delta.block(), delta.hash(), delta.hashAt());
    }
    if (!assembly.build(delta, repeated)) {
      return false;
    }
    long offset = geometry.offset(delta.block());
    ByteBuffer literals = delta.literals();
    int from = delta.literalsAt();
    int page = 0;
    while (page < delta.pages()) {
      byte op = delta.ops()[page];
      int first = page;
      int length = 0;
      while (page < delta.pages() && delta.ops()[page] == op) {
        length += geometry.pageLength(delta.block(), page);
        page++;
      }
      long at = offset + (long) first * BlockSize.PAGE;
      if (op == PageRuns.LITERAL) {
        write(at, literals, from, length);
        from += length;
      } else if (op == PageRuns.ZERO) {
        image.zero(at, length);
      }
    }
    entries.put(delta.block(), assembly.entry());
    return true;
  }

  private void write(long offset, ByteBuffer bytes, int from, int length) throws IOException {
    int limit = bytes.limit();
    int position = bytes.position();
    image.write(offset, bytes.limit(from + length).position(from));
    bytes.limit(limit).position(position);
    bytesWritten += length;
    writeBack.wrote(offset, length);
  }

  @Override
  public void zeros(long first, long count, boolean repeated) throws IOException {
    Extent extent = geometry.extent(first, count);
    image.zero(extent.offset(), extent.length());
    entries.putZeros(first, count);
    if (!repeated) {
      tree.putZeros(first, count);
    }
  }

  @Override
  public Ack complete(End end) throws IOException {
    RootHash root = tree.finish();
    ReceiverSession.prove(root, end.root());
    ImageSize.check(image, geometry.size());
    image.sync();
    entries.sync();
    // The signature is a new file: without this, its name may be gone after a power cut.
    store.directory().sync();
    Manifest seeding =
        Manifest.seeding(
            plan.label(),
            plan.volume(),
            plan.standby(),
            plan.shape(),
            Instant.ofEpochMilli(plan.time()));
    store.store(
        seeding
            .standing(plan.epoch(), root, plan.shape(), Instant.ofEpochMilli(plan.time()))
            .withSignature(true));
    return new Ack(plan.epoch(), root, assembly.bytesRead(), bytesWritten, 0);
  }

  @Override
  public Signature rebuilt() {
    return signature;
  }

  @Override
  public void close() {}
}
