package snapferry.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.failure.Failure;

@NullMarked
class ShellWordsTest {
  @Test
  void blanksSplitAndQuotesKeepTogether() throws Failure {
    assertThat(ShellWords.split("--rsh", "  ssh -p 2222\t-i '/my key' \"a'b\" '' x'y z'w "))
        .containsExactly("ssh", "-p", "2222", "-i", "/my key", "a'b", "", "xy zw");
  }

  @Test
  void aQuoteTwiceStandsForItself() throws Failure {
    assertThat(ShellWords.split("--rsh", "'it''s' \"a\"\"b\"")).containsExactly("it's", "a\"b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "ssh 'x", "ssh \"x"})
  void noWordAndAnOpenQuoteAreRefused(String text) {
    assertThatThrownBy(() -> ShellWords.split("--rsh", text))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("--rsh");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "/srv/vol-0.img, /srv/vol-0.img",
        "a@b%c+d=e:f, a@b%c+d=e:f",
        "a b, 'a b'",
        "it's, 'it'\\''s'",
        "$(reboot), '$(reboot)'",
        "~/vol 0, ~/'vol 0'",
        "~/vol, ~/vol",
        "~/, ~/",
        "~root/x, '~root/x'",
        "||, ''",
      })
  void onlyWhatNeedsItIsQuoted(String word, String quoted) {
    assertThat(ShellWords.quote(word)).isEqualTo(quoted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a b", "it's", "$HOME `id` $(id)", "a\\b", "*", "a;b&c|d>e", "\"", "é", "!x"})
  void aShellPassesAQuotedWordOnUnchanged(String word) throws IOException {
    Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellWords.quote(word)).start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(word);
  }

  @Test
  void theCommandLineIsQuotedForTheFarShellOnly() throws Failure {
    Endpoint.Remote remote = new Endpoint.Remote("root@host", "/srv/my vol");
    assertThat(
            RemoteShell.words(
                List.of("ssh", "-i", "/my key"),
                remote,
                List.of("sudo", "/opt/my dir/snapferry"),
                List.of("--state-dir", "/a b")))
        .containsExactly(
            "ssh",
            "-i",
            "/my key",
            "root@host",
            "sudo",
            "'/opt/my dir/snapferry'",
            "serve",
            "--volume",
            "'/srv/my vol'",
            "--state-dir",
            "'/a b'");
  }
}
