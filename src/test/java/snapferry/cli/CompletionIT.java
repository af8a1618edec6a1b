package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What real shells make of the completion that the build made. */
@NullMarked
class CompletionIT {
  private static final String SCRIPTS =
      Path.of(Objects.requireNonNull(System.getProperty("snapferry.basedir")), "target/completion")
          .toString();

  private static String shell(String name, String script, String... options) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin", name)), name + " is not installed");
    String[] command = new String[options.length + 3];
    command[0] = name;
    System.arraycopy(options, 0, command, 1, options.length);
    command[options.length + 1] = "-c";
    command[options.length + 2] = script.replace("$SCRIPTS", SCRIPTS);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output;
  }

  @Test
  void bash() throws Exception {
    String output =
        shell(
            "bash",
            """
            compopt() { :; } # makes sense only while a user waits
            source "$SCRIPTS/snapferry"
            complete -p snapferry
            try() {
              COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
              _complete_snapferry
              echo "$*: ${COMPREPLY[*]}"
            }
            try snapferry che
            try snapferry push --sna
            try snapferry push --snapshot ""
            try snapferry track ro
            try snapferry help exit
            """);
    assertThat(output.lines())
        .containsExactly(
            "complete -o default -F _complete_snapferry snapferry",
            "snapferry che: check-config",
            "snapferry push --sna: --snapshot-size --snapshot",
            "snapferry push --snapshot : auto lvm reflink tracker none",
            "snapferry track ro: rotate",
            "snapferry help exit: exit-codes");
  }

  @Test
  void fish() throws Exception {
    String output =
        shell(
            "fish",
            """
            source "$SCRIPTS/snapferry.fish"
            for line in 'snapferry che' 'snapferry push --sna' 'snapferry push --snapshot l' \\
                'snapferry -v track ro' 'snapferry track rotate --js' 'snapferry help exit'
                echo "$line:" (complete -C "$line" | cut -f 1)
            end
            """,
            "--no-config");
    assertThat(output.lines())
        .containsExactly(
            "snapferry che: check-config",
            "snapferry push --sna: --snapshot --snapshot-size",
            "snapferry push --snapshot l: lvm",
            "snapferry -v track ro: rotate",
            "snapferry track rotate --js: --json",
            "snapferry help exit: exit-codes");
  }

  /** In a terminal of its own, where somebody presses the key for completion. */
  @Test
  void zsh() throws Exception {
    String output =
        shell(
            "zsh",
            """
            zmodload zsh/zpty
            zpty z 'TERM=dumb zsh -f -i'
            zpty -w z 'PS1=; fpath=($SCRIPTS $fpath); autoload -U compinit; compinit -u -D'
            zpty -w z 'snapferry() { echo "<$*>" }; echo ready'
            zpty -r -m z line '*ready*ready*'
            zpty -w -n z $'snapferry che\\t; snapferry push --snapshot re\\t x; snapferry help exit\\t\\n'
            zpty -w z 'echo over; exit'
            while zpty -r z line; do print -r -- $line; done
            """,
            "-f");
    assertThat(output)
        .contains("<check-config>", "<push --snapshot reflink x>", "<help exit-codes>")
        .doesNotContain("not found");
  }
}
