package snapferry.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import snapferry.failure.ExitCode;
import snapferry.manual.Block;
import snapferry.manual.PlainText;
import snapferry.manual.Topic;

/** {@code help}: explains a command, or a topic in the words of the documentation. */
final class HelpCommand extends Command {
  /** Lines that are longer are hard to read. */
  private static final int MAX_WIDTH = 100;

  private static final int DEFAULT_WIDTH = 80;

  private final Operands words =
      with(new Operands(0, "COMMAND|TOPIC", "What to explain.", HelpCommand::names));

  HelpCommand() {
    super(
        "help",
        "Explain a command, or a topic; without either, list both.",
        "Every command and every topic has a page in the manual too: man snapferry-NAME.");
    spec().helpCommand(true);
  }

  @Override
  public Integer call() {
    CommandLine program = spec().parent().commandLine();
    PrintWriter out = spec().commandLine().getOut();
    List<String> asked = words.values();
    if (asked.isEmpty()) {
      program.usage(out);
      out.println();
      print(topics(), out);
    } else if (asked.size() == 1 && Topic.named(asked.get(0)).isPresent()) {
      print(Topic.named(asked.get(0)).orElseThrow().blocks(), out);
    } else {
      command(program, asked).usage(out);
    }
    out.flush();
    return ExitCode.DONE.code();
  }

  /** The command that {@code names} say. */
  private CommandLine command(CommandLine program, List<String> names) {
    CommandLine command = program;
    for (String each : names) {
      CommandLine next = command.getSubcommands().get(each);
      if (next == null) {
        String name = String.join(" ", names);
        throw new ParameterException(
            spec().commandLine(), "there is no command and no topic '" + name + "'");
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
  private static Iterator<String> names() {
    List<String> names = new ArrayList<>(Snapferry.NAMES);
    Topic.ALL.forEach(topic -> names.add(topic.name()));
    return names.iterator();
  }
}
