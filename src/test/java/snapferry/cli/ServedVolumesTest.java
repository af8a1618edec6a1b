package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;
import snapferry.wire.Purpose;

/** Whatever a client calls a volume: it is one of those that are allowed, or none. */
@NullMarked
class ServedVolumesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "vol1",
        "VOL0",
        "vol0 ",
        "vol0,ro",
        "vol0=/etc/shadow",
        "--allow",
        "--allow=x=/etc/shadow",
        "--volume=secret.img",
        "secret.img",
        "./vol0",
        "../secret.img",
        "/etc/shadow",
        "vol0/../../secret.img",
        "vol0\0",
        "vol0\nsnapferry: epoch 9",
        "\u001b[2Jvol0",
        "$(id)",
        "`id`",
        "vol0;id",
        "v*"
      })
  void nothingElseIsThere(String name) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret.img"), "secret");
    Path standby = directory.resolve("standby.img");
    List<String> words = List.of("--allow", "vol0=" + standby, "--state-dir", "" + directory);
    try (ServedVolumes volumes = ServedVolumes.of(ServeArguments.parse(words), Monitor.SILENT)) {
      refused(name, () -> volumes.standby(name, Purpose.REPLICATE));
      refused(name, () -> volumes.standby(name, Purpose.VERIFY));
      refused(name, () -> volumes.source(name));
    }
    assertThat(secret).hasContent("secret");
    assertThat(standby).doesNotExist();
  }

  private interface Wish {
    Object ask() throws IOException;
  }

  private void refused(String name, Wish wish) {
    Failure refusal = catchThrowableOfType(Failure.class, wish::ask);
    assertThat(refusal).as(name).isNotNull();
    assertThat(refusal.exit()).as(name).isEqualTo(ExitCode.USAGE);
    assertThat(refusal).hasMessageContaining("serves only volumes by name");
    assertThat(refusal.getMessage()).as(name).doesNotContain(directory.toString());
  }
}
