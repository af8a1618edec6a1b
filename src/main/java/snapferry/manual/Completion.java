package snapferry.manual;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What shells complete of the command line. */
public final class Completion {
  private static final String PROGRAM = "snapferry";

  /** Labels that say which values there are. */
  private static final Pattern CHOICE = Pattern.compile("[a-z0-9]+(\\|[a-z0-9]+)+");

  private Completion() {}

  /** The files of all shells by their names: bash, zsh and fish find them under these. */
  public static Map<String, String> all(CommandLine program) {
    addChoices(program);
    String bash = AutoComplete.bash(PROGRAM, program).replaceFirst("^#!.*\n", ""); // is not run
    return Map.of(PROGRAM, bash, "_" + PROGRAM, zsh(bash), PROGRAM + ".fish", fish(program));
  }

  /** Tells picocli, and so bash and zsh, of the values that the labels name. */
  private static void addChoices(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    for (OptionSpec option : List.copyOf(spec.options())) {
      List<String> choices = choices(option);
      if (!choices.isEmpty()) {
        spec.remove(option);
        spec.addOption(OptionSpec.builder(option).completionCandidates(choices).build());
      }
    }
    command.getSubcommands().values().forEach(Completion::addChoices);
  }

  private static List<String> choices(ArgSpec argument) {
    String label = argument.paramLabel();
    return CHOICE.matcher(label).matches() ? Arrays.asList(label.split("\\|")) : List.of();
  }

  /**
   * Bash's without its beginning, which meddles with the shell: zsh understands the rest. Loaded at
   * the first use, it has to complete that one by itself.
   */
  private static String zsh(String bash) {
    return """
        #compdef snapferry
        autoload -U +X bashcompinit && bashcompinit
        function compopt { : }

        """
        + bash.substring(bash.indexOf("function "))
        + """

        _bash_complete -o default -F _complete_snapferry
        """;
  }

  private static String fish(CommandLine program) {
    StringBuilder script =
        new StringBuilder(
            """
            # Completion of snapferry for fish.

            # Whether the words before the cursor begin with these commands, options apart.
            function __snapferry_in
                set -l words (string match -v -- '-*' (commandline -opc)[2..-1])
                for command in $argv
                    test (count $words) -gt 0 -a "$words[1]" = $command; or return 1
                    set -e words[1]
                end
            end

            # Whether no command was given yet.
            function __snapferry_alone
                test (count (string match -v -- '-*' (commandline -opc)[2..-1])) -eq 0
            end

            """);
    addTo(script, program, "__snapferry_alone", "__snapferry_in");
    return script.toString();
  }

  /**
   * Adds the lines of a command and of those below it.
   *
   * @param here the condition under which its subcommands are looked for
   * @param in the condition under which its options are, but for its name
   */
  private static void addTo(StringBuilder script, CommandLine command, String here, String in) {
    CommandSpec spec = command.getCommandSpec();
    String options = spec.parent() == null ? here : in;
    spec.options().forEach(option -> addTo(script, option, options));
    spec.positionalParameters().forEach(each -> addTo(script, each, options));
    command
        .getSubcommands()
        .forEach(
            (name, sub) -> {
              String about = sub.getCommandSpec().usageMessage().description()[0];
              line(script, here, " -f -a " + name + describe(about));
              addTo(script, sub, in + " " + name, in + " " + name);
            });
  }

  private static void addTo(StringBuilder script, OptionSpec option, String condition) {
    StringBuilder words = new StringBuilder();
    for (String name : option.names()) {
      words.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      words.append(" -r");
      List<String> choices = choices(option);
      words.append(choices.isEmpty() ? "" : " -f -a '" + String.join(" ", choices) + "'");
    }
    line(script, condition, words + describe(option.description()[0]));
  }

  private static void addTo(StringBuilder script, PositionalParamSpec words, String condition) {
    Iterable<String> candidates = words.completionCandidates();
    if (candidates != null) {
      line(script, condition, " -f -a '" + String.join(" ", candidates) + "'");
    }
  }

  private static void line(StringBuilder script, String condition, String words) {
    script.append("complete -c ").append(PROGRAM).append(" -n '").append(condition).append('\'');
    script.append(words).append('\n');
  }

  /** The first sentence. */
  private static String describe(String description) {
    String sentence = description.replace("$$", "$").split("[:.;](?= |$)", 2)[0];
    return " -d '" + sentence.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
