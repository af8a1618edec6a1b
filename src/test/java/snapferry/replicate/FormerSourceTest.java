package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.device.StateDirectory;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;
import snapferry.journal.VolumeIdentity;

/** Nothing but the volume that was replicated becomes the standby of what was promoted. */
@NullMarked
class FormerSourceTest {
  private static final SignatureShape SHAPE =
      new SignatureShape(
          new Geometry(4096, BlockSize.DEFAULT), HashKind.FAST128, new SignatureShape.Key(1, 2));

  private final VolumeIdentity identity = VolumeIdentity.random();
  @TempDir private Path directory;
  private Path volume = Path.of("");

  @BeforeEach
  void make() throws IOException {
    volume = Files.write(directory.resolve("volume"), new byte[4096]);
  }

  private LocalSourcePlace source() {
    Snapshots none =
        path -> {
          throw new IOException("nobody reads " + path);
        };
    return new LocalSourcePlace(
        volume, directory.resolve("root"), none, SourceReading.DEFAULT, Monitor.SILENT);
  }

  private void remember() throws IOException {
    try (LocalSourcePlace source = source();
        StateDirectory record = Objects.requireNonNull(source.identity(true))) {
      identity.store(record);
    }
  }

  private FormerSource former(UUID promotedFrom) {
    return new FormerSource(
        new LocalStandbyPlace(volume, directory.resolve("root")), source(), promotedFrom);
  }

  private static ExitCode refusal(FormerSource place) {
    Failure failure =
        catchThrowableOfType(Failure.class, () -> Standby.open(place, false, Monitor.SILENT));
    assertThat(failure).hasMessageContaining("Nothing was touched");
    return failure.exit();
  }

  @Test
  void anotherVolumeIsRefused() throws IOException {
    assertThat(refusal(former(identity.volume()))).isEqualTo(ExitCode.LINEAGE);
    remember();
    assertThat(refusal(former(UUID.randomUUID()))).isEqualTo(ExitCode.LINEAGE);
    Standby.open(former(identity.volume()), false, Monitor.SILENT).close();
  }

  @Test
  void thatItWasPromotedItselfIsForgottenWhenItBeginsAnew() throws IOException {
    remember();
    Manifest stands =
        Manifest.seeding("volume", UUID.randomUUID(), UUID.randomUUID(), SHAPE, Instant.EPOCH)
            .standing(3, new RootHash(1, 2, 3, 4), SHAPE, Instant.EPOCH);
    StandbyPlace place = new LocalStandbyPlace(volume, directory.resolve("root"));
    try (StateDirectory state = Objects.requireNonNull(place.state(true))) {
      stands.promoted().store(state);
    }
    FormerSource former = former(identity.volume());
    assertThat(former.state(false)).isNull();
    try (StateDirectory state = Objects.requireNonNull(former.state(true))) {
      assertThat(Manifest.load(state)).isEqualTo(stands.promoted());
      stands.store(state);
    }
    try (StateDirectory state = former.state(false)) {
      assertThat(state).as("a standby of some volume").isNotNull();
    }
  }
}
