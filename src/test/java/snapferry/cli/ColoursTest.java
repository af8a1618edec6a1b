package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who gets colours. */
@NullMarked
class ColoursTest {
  private static final Terminal TERMINAL = new Terminal(Path.of("/dev/pts/0"));

  @Test
  void areForTerminalsOnly() {
    assertThat(Colours.of(null, Map.of("TERM", "xterm")).bold("x")).isEqualTo("x");
    assertThat(Colours.of(TERMINAL, Map.of("TERM", "xterm")).bold("x"))
        .isEqualTo("\u001b[1mx\u001b[m");
  }

  @Test
  void areNotForWhoDoesNotWantThem() {
    assertThat(Colours.of(TERMINAL, Map.of("TERM", "xterm", "NO_COLOR", "1")))
        .isEqualTo(Colours.OFF);
    assertThat(Colours.of(TERMINAL, Map.of("TERM", "xterm", "NO_COLOR", ""))).isEqualTo(Colours.ON);
    assertThat(Colours.of(TERMINAL, Map.of("TERM", "dumb"))).isEqualTo(Colours.OFF);
    assertThat(Colours.of(TERMINAL, Map.of())).isEqualTo(Colours.OFF);
  }
}
