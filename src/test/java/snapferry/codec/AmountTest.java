package snapferry.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class AmountTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 KiB",
    "43008, 42 KiB",
    "1288490188, 1.2 GiB",
    "1152921504606846976, 1.0 EiB",
    "9223372036854775807, 8.0 EiB",
  })
  void bytesHaveAtMostThreeDigits(long bytes, String text) {
    assertThat(Amount.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "-5, 0 seconds",
    "1, 1 second",
    "119, 119 seconds",
    "120, 2 minutes",
    "7200, 2 hours",
    "172800, 2 days",
    "86400000, '1,000 days'",
  })
  void anAgeIsInOneUnit(long seconds, String text) {
    assertThat(Amount.age(Duration.ofSeconds(seconds))).isEqualTo(text);
  }

  @Test
  void timeLeftReadsAsAClock() {
    assertThat(Amount.clock(9)).isEqualTo("0:09");
    assertThat(Amount.clock(750)).isEqualTo("12:30");
    assertThat(Amount.clock(11_100)).isEqualTo("3:05:00");
  }
}
