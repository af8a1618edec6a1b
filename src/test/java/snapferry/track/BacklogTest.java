package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class BacklogTest {
  private static final String STANDBY = "01234567-89ab-4def-8123-456789abcdef";

  @Test
  void whatATrackerSaysIsWhatIsUnderstood() {
    Backlog backlog = new Backlog(UUID.fromString(STANDBY), 7, 3, 1L << 40);
    assertThat(backlog.line())
        .isEqualTo("standby: " + STANDBY + " epoch 7 generation 3 changed 1099511627776");
    assertThat(Backlog.parse(backlog.line())).isEqualTo(backlog);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "size: 65536",
        "standby: " + STANDBY,
        "standby: " + STANDBY + " epoch 7 generation 3 changed -1",
        "standby: " + STANDBY + " epoch 7 generation 3 changed 9999999999999999999",
        "standby: 1-1-1-1-1 epoch 7 generation 3 changed 1",
      })
  void otherLinesSayNothingOfAStandby(String line) {
    assertThat(Backlog.parse(line)).isNull();
  }
}
