package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.TimeZone;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.journal.Manifest;
import snapferry.journal.StateFiles;

/** Clocks that jump: the order of epochs is their numbers', and times are for people. */
@NullMarked
class ClockTest {
  private final SmallVolume volume = new SmallVolume();

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"})
  void whenTheLastEpochWasTakenMakesNoDifferenceToTheNext(String time) throws IOException {
    Rig rig = volume.cached();
    StateFile[] manifests = {
      StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.MANIFEST),
      StateFile.of(rig.sourceDisk, rig.sourceRecord(), StateFiles.MANIFEST)
    };
    for (StateFile manifest : manifests) {
      Manifest is = Manifest.decode(manifest.load());
      manifest.replace(
          is.standing(is.epoch(), is.root(), is.shape(), Instant.parse(time)).encode());
    }
    Summary summary = rig.replicate();
    assertThat(summary.epoch()).isEqualTo(2);
    assertThat(summary.bytesReceived()).as("no signature was needed").isLessThan(1000);
    assertThat(rig.image()).isEqualTo(volume.next);
  }

  /** In Kiritimati it is tomorrow already when in Niue it is still yesterday. */
  @Test
  void theTimeZoneOfEitherEndMakesNoDifference() throws IOException {
    TimeZone here = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      Rig rig = volume.cached();
      byte[] manifest = StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.MANIFEST).load();
      Instant taken = Objects.requireNonNull(rig.manifest(), "a standby").time();
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Niue"));
      assertThat(Manifest.decode(manifest).time()).isEqualTo(taken);
      assertThat(rig.replicate().epoch()).isEqualTo(2);
      assertThat(rig.image()).isEqualTo(volume.next);
      Instant next = Objects.requireNonNull(rig.manifest(), "a standby").time();
      assertThat(next).isAfterOrEqualTo(taken);
    } finally {
      TimeZone.setDefault(here);
    }
  }
}
