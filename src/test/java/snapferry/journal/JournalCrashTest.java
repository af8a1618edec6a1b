package snapferry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import snapferry.extent.BlockSize;
import snapferry.journal.Verdict.Action;

/**
 * The power goes at every write and every sync of a journal, and any unsynced sector may have
 * survived.
 */
class JournalCrashTest {
  private final RandomJournal random =
      new RandomJournal(new Random(1), BlockSize.PAGE << 4, 4L << 20, 200);

  private void write(MemoryDirectory directory) throws IOException {
    try (JournalWriter writer = JournalWriter.create(directory, random.header)) {
      random.write(writer);
      writer.commit(RandomJournal.ROOT);
    }
  }

  @Test
  void theWritesAreInTheDocumentedOrder() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    write(directory);

    List<String> expected = new ArrayList<>(List.of("delete", "write 0"));
    int length = directory.journal().length;
    assertThat(length).isGreaterThan(JournalFormat.RECORDS + (2 << 20));
    for (int offset = JournalFormat.RECORDS; offset < length; offset += 1 << 20) {
      expected.add("write " + offset);
    }
    expected.addAll(List.of("sync file", "sync directory", "write 4096", "sync file"));
    assertThat(directory.events).isEqualTo(expected);
  }

  @Test
  void aCrashAtAnyPointLeavesTheOldEpochOrTheNew() throws IOException {
    MemoryDirectory whole = new MemoryDirectory();
    write(whole);
    int commit = whole.events.indexOf("write 4096");

    for (int crash = 1; crash < whole.events.size(); crash++) {
      for (int seed = 0; seed < 30; seed++) {
        String point = "crash at " + whole.events.get(crash) + " (" + crash + "), seed " + seed;
        MemoryDirectory directory = new MemoryDirectory();
        directory.crashAt = crash;
        assertThat(crashes(directory)).as(point).isTrue();

        Action action = recover(directory.afterCrash(survival(seed)), point);

        if (crash < commit) {
          assertThat(action).as(point).isIn(Action.NOTHING, Action.DISCARD);
        } else if (seed == 0) {
          assertThat(action).as(point).isEqualTo(Action.DISCARD);
        } else if (seed == 1) {
          assertThat(action).as(point).isEqualTo(Action.REPLAY);
        } else {
          assertThat(action).as(point).isIn(Action.DISCARD, Action.REPLAY);
        }
      }
    }
  }

  @Test
  void afterTheCommitReturnedACrashLosesNothing() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    write(directory);
    assertThat(recover(directory.afterCrash(survival(0)), "after")).isEqualTo(Action.REPLAY);
  }

  @Test
  void anOlderJournalIsGoneBeforeTheNewOneIsWritten() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    write(directory);
    directory.crashAt = directory.events.size() + 1;
    assertThat(crashes(directory)).isTrue();
    for (int seed = 0; seed < 30; seed++) {
      assertThat(recover(directory.afterCrash(survival(seed)), "seed " + seed))
          .isIn(Action.NOTHING, Action.DISCARD);
    }
  }

  private boolean crashes(MemoryDirectory directory) {
    try {
      write(directory);
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Nothing that was not synced survives (0), all of it does (1), or any part of it. */
  private static BooleanSupplier survival(int seed) {
    Random random = new Random(seed);
    return seed < 2 ? () -> seed == 1 : random::nextBoolean;
  }

  private Action recover(MemoryDirectory directory, String point) throws IOException {
    try (JournalRecovery recovery = JournalRecovery.inspect(directory, random.manifest())) {
      Action action = recovery.verdict().action();
      if (action == Action.REPLAY) {
        VolumeState volume = random.before.copy();
        recovery.replay(volume);
        volume.assertHolds(random.after, point);
      }
      return action;
    }
  }
}
