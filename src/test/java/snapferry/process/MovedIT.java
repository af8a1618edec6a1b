package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.process.Replica.Direction;

/** 64 MiB that moved within a volume cross a real line as copies. */
@NullMarked
class MovedIT {
  private static final int MIB = 1 << 20;
  private static final int MOVED = 64 * MIB;
  private static final int FROM = 20 * MIB;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {MIB, -MIB, 512, 137, -1000})
  @Timeout(120)
  void whatMovedByAnyDistanceIsCopied(int distance) throws Exception {
    Replica replica = new Replica(directory);
    Content.fill(replica.volume(), 110L * MIB + 512, random);
    replica.run(Direction.PUSH);
    move(replica.volume(), FROM, FROM + distance);
    Outcome outcome = replica.run(Direction.PUSH);
    replica.assertSame();
    assertThat(outcome.summary("bytesSent")).as("seed %d", seed).isLessThan(MOVED / 50);
    assertThat(outcome.summary("copiedBytes")).as("seed %d", seed).isGreaterThan(MOVED / 2);
  }

  private static void move(Path file, long from, long to) throws IOException {
    try (RandomAccessFile volume = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] moved = new byte[MOVED];
      volume.seek(from);
      volume.readFully(moved);
      volume.seek(to);
      volume.write(moved);
    }
  }
}
