package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.delta.HashKind;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.Priority;

@NullMarked
class OptionValueTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1024",
    "500, 512000",
    "1.5m, 1572864",
    "2K, 2048",
    "1G, 1073741824",
    "0.1, 1024"
  })
  void aRateIsKibibytesUnlessItSaysOtherwise(String text, long bytes) throws Failure {
    assertThat(OptionValue.rate("--bwlimit", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"4096, 4096", "4K, 4096", "64k, 65536", "1M, 1048576"})
  void aBlockSizeIsBytesUnlessItSaysOtherwise(String text, int bytes) throws Failure {
    assertThat(OptionValue.blockSize(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1T", "x", "1,5", "1e3", "9999999999999", "1 K"})
  void aRateThatIsNoneIsAUsageError(String text) {
    assertUsage(() -> OptionValue.rate("--bwlimit", text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "2K", "2M", "5000", "-4K", "99999999999", "4G"})
  void aBlockSizeThatIsNoneIsAUsageError(String text) {
    assertUsage(() -> OptionValue.blockSize(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "3601", "-3", "1.5", "99999999999"})
  void aTimeoutOutOfBoundsIsAUsageError(String text) {
    assertUsage(() -> OptionValue.timeout(text));
  }

  @Test
  void wordsAreTakenLiterally() throws Failure {
    assertThat(OptionValue.timeout("3")).isEqualTo(3);
    assertThat(OptionValue.timeout("3600")).isEqualTo(3600);
    assertThat(OptionValue.hash("sha256")).isEqualTo(HashKind.SHA256);
    assertThat(OptionValue.compression("none")).isFalse();
    assertUsage(() -> OptionValue.hash("SHA256"));
    assertUsage(() -> OptionValue.compression("zstd"));
  }

  private static void assertUsage(ThrowingCallable parsing) {
    assertThatThrownBy(parsing)
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.USAGE))
        .hasMessageMatching("--[a-z-]+ takes .*, not '.*'");
  }

  @Test
  void aHostIsSparedAsNiceAndIoniceAreToldTo() throws Failure {
    assertThat(OptionValue.nice("-20")).isEqualTo(-20);
    assertThat(OptionValue.nice("19")).isEqualTo(19);
    assertThat(OptionValue.ioPriority("idle"))
        .isEqualTo(new Load.IoPriority(Priority.IoClass.IDLE, 0));
    assertThat(OptionValue.ioPriority("best-effort:7"))
        .isEqualTo(new Load.IoPriority(Priority.IoClass.BEST_EFFORT, 7));
    assertThat(OptionValue.ioPriority("realtime"))
        .isEqualTo(new Load.IoPriority(Priority.IoClass.REALTIME, 4));
    for (String wrong : List.of("20", "-21", "", "1.5", "low")) {
      assertUsage(() -> OptionValue.nice(wrong));
    }
    for (String wrong : List.of("idle:3", "best-effort:8", "realtime:", "3")) {
      assertUsage(() -> OptionValue.ioPriority(wrong));
    }
    assertUsage(() -> OptionValue.cache("none"));
  }
}
