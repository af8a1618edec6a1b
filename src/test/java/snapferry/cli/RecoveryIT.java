package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LocalStateDirectory;
import snapferry.journal.JournalHeader;
import snapferry.journal.JournalWriter;
import snapferry.journal.Manifest;

/**
 * What an interrupted run leaves behind, as {@code status} shows it and {@code recover} ends it.
 */
@NullMarked
class RecoveryIT {
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Path state = Path.of("");

  @BeforeEach
  void seed() throws Exception {
    SeededStandby seeded = SeededStandby.make(directory);
    launcher = seeded.launcher();
    state = seeded.state();
  }

  /** A run that was killed after the next epoch was committed, in which nothing changed. */
  private void commitNextEpoch() throws Exception {
    try (LocalStateDirectory open = LocalStateDirectory.open(state)) {
      Manifest manifest = Objects.requireNonNull(Manifest.load(open));
      JournalHeader header =
          new JournalHeader(
              manifest.shape(),
              manifest.epoch(),
              manifest.epoch() + 1,
              manifest.volume(),
              manifest.time().toEpochMilli());
      try (JournalWriter journal = JournalWriter.create(open, header)) {
        journal.commit(manifest.root());
      }
    }
  }

  @Test
  void aCommittedEpochIsApplied() throws Exception {
    commitNextEpoch();
    Launcher.Result before = launcher.run("status", "standby.img");
    assertThat(before.out()).contains("standing, epoch 2 committed, recover");
    assertThat(before.exit()).isEqualTo(3);

    Launcher.Result verify = launcher.run("verify", "standby.img");
    assertThat(verify.err()).contains("run snapferry recover first");
    assertThat(verify.exit()).isEqualTo(1);

    Launcher.Result recover = launcher.run("recover", "standby.img");
    assertThat(recover.out())
        .contains("standby.img: finished applying epoch 2, which was committed")
        .contains("standby.img: epoch 2 of vol0.img, root ");
    assertThat(recover.exit()).isZero();
    assertThat(launcher.run("status", "standby.img").exit()).isZero();
  }

  @Test
  void anEpochThatWasNotCompleteIsDropped() throws Exception {
    Files.write(state.resolve("journal"), new byte[100_000]);
    assertThat(launcher.run("status", "standby.img").out()).endsWith("  standing\n");
    Launcher.Result recover = launcher.run("recover", "--json", "standby.img");
    assertThat(recover.events())
        .extracting(event -> event.get("event"))
        .containsExactly("note", "status");
    assertThat(recover.lastEvent()).containsEntry("epoch", 1L).containsEntry("state", "standing");
    assertThat(state.resolve("journal")).doesNotExist();
  }

  @Test
  void whereNothingWasLeftThereIsNothingToRecover() throws Exception {
    assertThat(launcher.run("recover", "standby.img").out())
        .startsWith("standby.img: nothing to recover; epoch 1 of vol0.img");
    Launcher.Result unknown = launcher.run("recover", "vol0.img");
    assertThat(unknown.exit()).isEqualTo(11);
    assertThat(directory.resolve("vol0.img.snapferry")).doesNotExist();
  }

  @Test
  void damageIsForAPersonToDecide() throws Exception {
    Files.writeString(state.resolve("manifest"), "snapferry-manifest: garbage\n");
    assertThat(launcher.run("status", "standby.img").out()).contains("damaged: ");
    assertThat(launcher.run("status", "standby.img").exit()).isEqualTo(22);
    assertThat(launcher.run("recover", "standby.img").exit()).isEqualTo(22);
    assertThat(launcher.run("push", "vol0.img", "standby.img").exit()).isEqualTo(22);
    assertThat(launcher.run("push", "--init", "vol0.img", "standby.img").exit()).isZero();
  }
}
