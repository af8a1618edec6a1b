package snapferry.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import snapferry.failure.ExitCode;
import snapferry.manual.Block;
import snapferry.manual.PlainText;
import snapferry.manual.Topic;

/** {@code help}: explains a command, or a topic in the words of the documentation. */
@Command(
    name = HelpCommand.NAME,
    helpCommand = true,
    description = {
      "Explain a command, or a topic; without either, list both.",
      "Every command and every topic has a page in the manual too: man snapferry-NAME."
    })
final class HelpCommand implements Callable<Integer> {
  static final String NAME = "help";

  /** Lines that are longer are hard to read. */
  private static final int MAX_WIDTH = 100;

  private static final int DEFAULT_WIDTH = 80;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND|TOPIC",
      completionCandidates = Names.class,
      description = "What to explain.")
  private List<String> words = new ArrayList<>();

  @Override
  public Integer call() {
    CommandLine program = spec.parent().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    if (words.isEmpty()) {
      program.usage(out);
      out.println();
      print(topics(), out);
    } else if (words.size() == 1 && Topic.named(words.get(0)).isPresent()) {
      print(Topic.named(words.get(0)).orElseThrow().blocks(), out);
    } else {
      command(program).usage(out);
    }
    out.flush();
    return ExitCode.DONE.code();
  }

  /** The command that the words name. */
  private CommandLine command(CommandLine program) {
    CommandLine command = program;
    for (String word : words) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        String name = String.join(" ", words);
        throw new ParameterException(
            spec.commandLine(), "there is no command and no topic '" + name + "'");
      }
      command = next;
    }
    return command;
  }

  private static List<Block> topics() {
    List<Block> list = new ArrayList<>(List.of(new Block.Heading(1, "Topics:")));
    Topic.ALL.forEach(each -> list.add(new Block.Definition(each.name(), each.about())));
    return list;
  }

  private static void print(List<Block> blocks, PrintWriter out) {
    Terminal terminal = Terminal.ofStandardOutput();
    int width = terminal == null ? DEFAULT_WIDTH : Math.min(terminal.width(), MAX_WIDTH);
    PlainText.of(blocks, width, Colours.of(terminal)::bold).forEach(out::println);
  }

  /** What can be explained. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      List<String> names = new ArrayList<>(Snapferry.names());
      Topic.ALL.forEach(topic -> names.add(topic.name()));
      return names.iterator();
    }
  }
}
