package snapferry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTimeTest {
  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"})
  void fourDigitsOfYearSince1970AreTimes(Instant time) {
    assertThatCode(() -> SnapshotTime.require(time.toEpochMilli())).doesNotThrowAnyException();
  }

  @Test
  void aClockBeforeOrBehindThemCountsAsTheNearest() {
    assertThat(SnapshotTime.nearest(-1)).isZero();
    assertThat(SnapshotTime.nearest(Long.MAX_VALUE)).isEqualTo(SnapshotTime.MAX);
    assertThat(SnapshotTime.nearest(1_800_000_000_000L)).isEqualTo(1_800_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1969-12-31T23:59:59.999Z", "+10000-01-01T00:00:00Z"})
  void whatFourDigitsCannotSayIsRefused(Instant time) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SnapshotTime.require(time.toEpochMilli()))
        .withMessageContaining("1970 to 9999");
  }
}
