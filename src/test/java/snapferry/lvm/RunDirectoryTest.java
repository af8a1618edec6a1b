package snapferry.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose snapshots are whose. */
@NullMarked
class RunDirectoryTest {
  @TempDir private Path state;

  @Test
  void aRunIsAliveUntilItIsClosedAndThenOver() throws Exception {
    UUID uuid;
    try (RunDirectory run = RunDirectory.begin(state)) {
      uuid = run.run();
      assertThat(RunDirectory.fate(state, uuid)).isEqualTo(RunDirectory.Fate.ALIVE);
      assertThat(RunDirectory.seize(state, uuid)).isNull();
    }
    assertThat(RunDirectory.fate(state, uuid)).isEqualTo(RunDirectory.Fate.OVER);
  }

  @Test
  void whatIsSeizedIsNobodyElsesToRemoveAndIsForgottenAfterwards() throws Exception {
    RunDirectory run = RunDirectory.begin(state);
    run.close();
    try (RunDirectory over = RunDirectory.seize(state, run.run())) {
      assertThat(over).isNotNull();
      assertThat(RunDirectory.seize(state, run.run())).isNull();
      over.forget();
    }
    assertThat(RunDirectory.fate(state, run.run())).isEqualTo(RunDirectory.Fate.FOREIGN);
    assertThat(state.resolve("snapshots")).isEmptyDirectory();
  }

  @Test
  void aRunOfAnotherStateDirectoryIsForeign() throws Exception {
    assertThat(RunDirectory.fate(state, UUID.randomUUID())).isEqualTo(RunDirectory.Fate.FOREIGN);
    assertThat(RunDirectory.seize(state, UUID.randomUUID())).isNull();
    assertThat(state).isEmptyDirectory();
  }
}
