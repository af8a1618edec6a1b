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
import snapferry.kernel.Content;

/** Finding out whether a block is zero: all of it, all but its last byte, or not from the start. */
@NullUnmarked
@State(Scope.Thread)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(Content.BLOCK)
public class ZerosBenchmark {
  /** The bytes of a block before the first that is not zero. */
  @Param({"0", "65535", "65536"})
  public int zeros;

  private ByteBuffer bytes;
  private int offset;

  @Setup
  public void setUp() {
    bytes = Content.ZERO.make();
    for (int at = zeros; zeros < Content.BLOCK && at < Content.LENGTH; at += Content.BLOCK) {
      bytes.put(at, (byte) 1);
    }
  }

  @Benchmark
  public boolean isZero() {
    offset = Content.next(offset);
    return Zeros.isZero(bytes, offset, Content.BLOCK);
  }
}
