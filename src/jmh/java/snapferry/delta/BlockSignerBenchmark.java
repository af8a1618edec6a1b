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

/** The hash that every block of a volume gets, and the page sums of blocks that differ. */
@NullUnmarked
@State(Scope.Thread)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(Content.BLOCK)
public class BlockSignerBenchmark {
  @Param({"FAST128", "SHA256"})
  public HashKind hash;

  @Param({"ZERO", "NOISE"})
  public Content content;

  private BlockSigner signer;
  private ByteBuffer bytes;
  private ByteBuffer entry;
  private int offset;

  @Setup
  public void setUp() {
    Geometry geometry = new Geometry(Content.LENGTH, new BlockSize(Content.BLOCK));
    SignatureShape shape = new SignatureShape(geometry, hash, new SignatureShape.Key(1, 2));
    signer = new BlockSigner(shape);
    bytes = content.make();
    entry = LittleEndian.direct(shape.entryLength());
  }

  @Benchmark
  public boolean hash() {
    offset = Content.next(offset);
    return signer.hash(bytes, offset, Content.BLOCK, entry, 0);
  }

  @Benchmark
  public ByteBuffer pageSums() {
    offset = Content.next(offset);
    signer.pageSums(bytes, offset, Content.BLOCK, entry, hash.length());
    return entry;
  }
}
