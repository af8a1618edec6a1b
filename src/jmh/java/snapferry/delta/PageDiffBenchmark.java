package snapferry.delta;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.kernel.Content;

/** Deciding by their sums which pages of a block that differs are sent, and saying so in runs. */
@NullUnmarked
@State(Scope.Thread)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(Content.BLOCK)
public class PageDiffBenchmark {
  private static final int PAGES = Content.BLOCK / BlockSize.PAGE;

  /** Pages of a block that differ. */
  @Param({"1", "8", "16"})
  public int changed;

  private final byte[] ops = new byte[PAGES];
  private final ByteBuffer runs = LittleEndian.direct(PAGES);
  private ByteBuffer sums;
  private ByteBuffer basisSums;

  @Setup
  public void setUp() {
    Geometry geometry = new Geometry(Content.LENGTH, new BlockSize(Content.BLOCK));
    SignatureShape shape =
        new SignatureShape(geometry, HashKind.FAST128, new SignatureShape.Key(1, 2));
    ByteBuffer bytes = Content.NOISE.make();
    sums = LittleEndian.direct(shape.pageSumsLength());
    basisSums = LittleEndian.direct(shape.pageSumsLength());
    BlockSigner signer = new BlockSigner(shape);
    signer.pageSums(bytes, 0, Content.BLOCK, basisSums, 0);
    for (int page = 0; page < changed; page++) {
      int at = page * PAGES / changed * BlockSize.PAGE;
      bytes.put(at, (byte) ~bytes.get(at));
    }
    signer.pageSums(bytes, 0, Content.BLOCK, sums, 0);
  }

  @Benchmark
  public int classify() {
    return PageDiff.classify(sums, 0, basisSums, 0, PAGES, ops);
  }

  @Benchmark
  public ByteBuffer classifyAndEncode() {
    PageDiff.classify(sums, 0, basisSums, 0, PAGES, ops);
    PageRuns.encode(ops, PageRuns.NO_COPIES, PAGES, runs.clear());
    return runs;
  }
}
