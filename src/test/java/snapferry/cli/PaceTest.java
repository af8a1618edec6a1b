package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.replicate.Monitor.Phase;

@NullMarked
class PaceTest {
  private static final long MIB = 1 << 20;

  /** After four seconds at 100 MiB a second. */
  private static Pace steady() {
    Pace pace = new Pace(Phase.SENDING);
    for (int second = 0; second <= 4; second++) {
      pace.update(second * 100L * MIB, 1000 * MIB, TimeUnit.SECONDS.toNanos(second));
    }
    return pace;
  }

  @Test
  void allOfItFitsAWideTerminal() {
    assertThat(steady().text(79))
        .isEqualTo(
            "sending  400 MiB of 1000 MiB  40 %  100 MiB/s  ETA 0:06"
                .replace("1000 MiB", "1.0 GiB"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 30, 40, 50, 60})
  void noLineIsWiderThanTheTerminal(int width) {
    assertThat(steady().text(width)).hasSizeLessThanOrEqualTo(width).startsWith("s");
  }

  @Test
  void beforeTheFirstProgressThereIsOnlyThePhase() {
    assertThat(new Pace(Phase.CONNECTING).text(79)).isEqualTo("connecting");
  }

  @Test
  void aRateFollowsTheNewestSeconds() {
    Pace pace = steady();
    for (int second = 5; second <= 30; second++) {
      pace.update(400 * MIB + (second - 4L) * MIB, 1000 * MIB, TimeUnit.SECONDS.toNanos(second));
    }
    assertThat(pace.text(79)).contains("1.0 MiB/s");
  }
}
