package snapferry.codec;

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
import snapferry.failure.Failure;
import snapferry.kernel.Content;

/** What is sent, as it is compressed and decompressed: block by block. */
@NullUnmarked
@State(Scope.Thread)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(Content.BLOCK)
public class Lz4Benchmark {
  private static final int BLOCKS = Content.LENGTH / Content.BLOCK;

  @Param public Content content;

  private final int room = Lz4.maxCompressedLength(Content.BLOCK);
  private final ByteBuffer target = LittleEndian.direct(room);
  private final ByteBuffer compressed = LittleEndian.direct(BLOCKS * room);
  private final int[] lengths = new int[BLOCKS];
  private ByteBuffer bytes;
  private int block;

  @Setup
  public void setUp() {
    bytes = content.make();
    for (int i = 0; i < BLOCKS; i++) {
      lengths[i] = Lz4.compress(bytes, i * Content.BLOCK, Content.BLOCK, compressed, i * room);
    }
  }

  @Benchmark
  public int compress() {
    block = (block + 1) % BLOCKS;
    return Lz4.compress(bytes, block * Content.BLOCK, Content.BLOCK, target, 0);
  }

  @Benchmark
  public ByteBuffer decompress() throws Failure {
    block = (block + 1) % BLOCKS;
    Lz4.decompress(compressed, block * room, lengths[block], target, 0, Content.BLOCK);
    return target;
  }
}
