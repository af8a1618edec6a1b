package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@NullMarked
class StateRootTest {
  private static String of(@Nullable Path option, Map<String, String> environment, String user) {
    return StateRoot.of(option, environment, user, "/home/me").toString();
  }

  @Test
  void theOptionWinsThenTheVariableThenTheCustomOfTheSystem() {
    Map<String, String> all = Map.of("SNAPFERRY_STATE_DIR", "/s", "XDG_STATE_HOME", "/x");
    assertThat(of(Path.of("/o"), all, "me")).isEqualTo("/o");
    assertThat(of(null, all, "root")).isEqualTo("/s");
    assertThat(of(null, Map.of("XDG_STATE_HOME", "/x"), "root")).isEqualTo("/var/lib/snapferry");
    assertThat(of(null, Map.of("XDG_STATE_HOME", "/x"), "me")).isEqualTo("/x/snapferry");
    assertThat(of(null, Map.of("XDG_STATE_HOME", "x"), "me"))
        .isEqualTo("/home/me/.local/state/snapferry");
    assertThat(of(null, Map.of(), "me")).isEqualTo("/home/me/.local/state/snapferry");
  }
}
