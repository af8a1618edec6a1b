package snapferry.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

@NullMarked
class EndpointTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"vol.img", "/dev/vg/vol", "./a:b", "/a:b", "dir/a:b", "a b", "[x]", "~/x", "-"})
  void whatHasNoHostIsLocal(String text) throws Failure {
    assertThat(Endpoint.parse(text)).isEqualTo(new Endpoint.Local(Path.of(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "host:/srv/vol.img, host, /srv/vol.img",
    "user@host:vol0, user@host, vol0",
    "a@b@host:x, a@b@host, x",
    "host:~/x, host, ~/x",
    "host:a:b, host, a:b",
    "h:[x]:y, h, [x]:y",
    "[::1]:/x, ::1, /x",
    "root@[fe80::1%eth0]:x, root@fe80::1%eth0, x",
    "host:-x, host, -x",
  })
  void whatHasAHostIsRemote(String text, String destination, String path) throws Failure {
    assertThat(Endpoint.parse(text)).isEqualTo(new Endpoint.Remote(destination, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":x",
        "@host:x",
        "user@:x",
        "host:",
        "host::module",
        "[]:x",
        "-oProxyCommand=evil:x",
        "user@-oProxyCommand=evil:x",
        "-l@host:x",
        "host:a\u001b[2Jb",
        "ho\nst:x",
        "a\u0000b",
      })
  void whatIsDangerousOrNamesNothingIsRefused(String text) {
    assertThatThrownBy(() -> Endpoint.parse(text))
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.USAGE))
        .hasMessageNotContainingAny("\u001b", "\n", "\u0000");
  }

  @ParameterizedTest
  @CsvSource({"h:vol0, vol0", "h:/srv/vol0, ''", "h:a b, ''", "h:.., ''", "h:vol-0.img, vol-0.img"})
  void onlyANameTravels(String text, String name) throws Failure {
    assertThat(((Endpoint.Remote) Endpoint.parse(text)).volumeName()).isEqualTo(name);
  }
}
