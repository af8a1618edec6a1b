package snapferry.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import snapferry.failure.Failure;

/** Programs of the system, run as LVM's are. */
@NullMarked
class CommandTest {
  @BeforeEach
  void beRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "others run sudo");
  }

  @Test
  void whatAProgramPrintsIsReturned() throws Exception {
    assertThat(Command.run(10, "printf", "%s|", "a b", "$HOME", "'")).isEqualTo("a b|$HOME|'|");
    assertThat(Command.run(10, "sh", "-c", "cat; echo $LC_ALL; echo said >&2")).isEqualTo("C\n");
  }

  @Test
  void aProgramThatFailsIsQuotedWithoutItsWarnings() {
    assertThatThrownBy(
            () ->
                Command.run(
                    10, "sh", "-c", "echo '  WARNING: x' >&2; echo '  No room.' >&2; exit 5"))
        .isInstanceOf(Failure.class)
        .hasMessageEndingWith(" failed: No room.");
    assertThatThrownBy(() -> Command.run(10, "false")).hasMessage("false failed: exit status 1");
  }

  @Test
  void aProgramThatIsMissingIsNamed() {
    assertThatThrownBy(() -> Command.run(10, "no-such-program"))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("no-such-program cannot be run (");
  }

  @Test
  void aProgramThatDoesNotEndIsGivenUp() {
    assertThatThrownBy(() -> Command.run(1, "sleep", "30"))
        .isInstanceOf(Failure.class)
        .hasMessage("sleep 30 did not end within 1 s");
  }

  @Test
  void aProgramThatPrintsWithoutEndIsGivenUp() {
    assertThatThrownBy(() -> Command.run(60, "sh", "-c", "yes 2>/dev/null; exit 0"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("printed more than " + Command.MAX_OUTPUT + " bytes");
  }
}
