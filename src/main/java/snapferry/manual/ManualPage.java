package snapferry.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A page of the manual, for man(1).
 *
 * @param name of the page
 * @param section of the manual
 * @param text in roff
 */
public record ManualPage(String name, int section, String text) {
  private static final int COMMANDS = 1;
  private static final int FORMATS = 5;
  private static final int CONCEPTS = 7;
  private static final String PROGRAM = "snapferry";
  private static final String CONFIGURATION = "snapferry.toml";

  /** What {@code man} looks for. */
  public String file() {
    return name + "." + section;
  }

  /**
   * All pages: one for each command, one for each topic, and that of the configuration.
   *
   * @param program the command line, which is changed: its synopses are shortened
   * @param date of the pages, as 2026-01-31
   * @param software name and version
   */
  public static List<ManualPage> all(CommandLine program, String date, String software) {
    Edition edition = new Edition(date, software, Page.read("cli"));
    List<ManualPage> pages = new ArrayList<>();
    edition.addCommands(program, pages);
    for (Topic topic : Topic.ALL) {
      pages.add(edition.topic(topic));
    }
    return pages;
  }

  /** The name of the page of a command, as of {@code track list}. */
  private static String nameOf(CommandSpec command) {
    return command.qualifiedName("-");
  }

  /** The name of the page of a topic; that of the configuration is the page of its file. */
  private static String nameOf(Topic topic) {
    return isConfiguration(topic) ? CONFIGURATION : PROGRAM + "-" + topic.name();
  }

  private static boolean isConfiguration(Topic topic) {
    return topic.name().equals("configuration");
  }

  private static String reference(Topic topic) {
    return nameOf(topic) + "(" + (isConfiguration(topic) ? FORMATS : CONCEPTS) + ")";
  }

  /** What all pages of a build have in common. */
  private record Edition(String date, String software, Page page) {
    void addCommands(CommandLine command, List<ManualPage> pages) {
      pages.add(command(command));
      command.getSubcommands().values().forEach(each -> addCommands(each, pages));
    }

    ManualPage topic(Topic topic) {
      String name = nameOf(topic);
      int section = isConfiguration(topic) ? FORMATS : CONCEPTS;
      Roff roff = new Roff(name, section, date, software).name(name, topic.about());
      roff.section("DESCRIPTION").blocks(topic.blocks());
      seeAlso(roff, name + "(" + section + ")");
      return new ManualPage(name, section, roff.toString());
    }

    private ManualPage command(CommandLine command) {
      CommandSpec spec = command.getCommandSpec();
      String name = nameOf(spec);
      List<String> description =
          List.of(spec.usageMessage().description()).stream().map(Edition::resolved).toList();
      Roff roff = new Roff(name, COMMANDS, date, software).name(name, about(description.get(0)));
      spec.usageMessage().abbreviateSynopsis(true);
      String synopsis = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).synopsis(0);
      roff.section("SYNOPSIS").blocks(paragraphs(List.of("`" + oneLine(synopsis) + "`")));
      roff.section("DESCRIPTION").blocks(paragraphs(description));
      list(roff, "COMMANDS", commands(command));
      list(roff, "ARGUMENTS", arguments(spec));
      list(roff, "OPTIONS", options(spec));
      list(roff, "EXAMPLES", examples(spec.qualifiedName()));
      for (String each : List.of("Exit codes", "Files", "Environment")) {
        List<Block> found = page.section(each);
        roff.section(each.equals("Exit codes") ? "EXIT STATUS" : each);
        roff.blocks(found.subList(1, found.size()));
      }
      seeAlso(roff, name + "(" + COMMANDS + ")");
      return new ManualPage(name, COMMANDS, roff.toString());
    }

    /** Percent signs and dollars are doubled in picocli's descriptions. */
    private static String resolved(String description) {
      return description.replace("$$", "$").replace("%%", "%");
    }

    private static String oneLine(String text) {
      return text.strip().replaceAll("\\s+", " ");
    }

    /** The first sentence, as a phrase. */
    private static String about(String description) {
      String sentence = description.split("[:.,;](?= |$)", 2)[0];
      return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    private static List<Block> paragraphs(List<String> texts) {
      return texts.stream().<Block>map(Block.Paragraph::new).toList();
    }

    private static void list(Roff roff, String heading, List<? extends Block> blocks) {
      if (!blocks.isEmpty()) {
        roff.section(heading).blocks(List.copyOf(blocks));
      }
    }

    private static List<Block.Definition> commands(CommandLine command) {
      return command.getSubcommands().values().stream()
          .map(CommandLine::getCommandSpec)
          .map(spec -> definition("**" + nameOf(spec) + "**(1)", spec.usageMessage().description()))
          .toList();
    }

    private static List<Block.Definition> arguments(CommandSpec spec) {
      return spec.positionalParameters().stream()
          .filter(argument -> !argument.hidden())
          .map(each -> definition("*" + label(each) + "*", each.description()))
          .toList();
    }

    private static String label(PositionalParamSpec argument) {
      return argument.paramLabel() + (argument.arity().max() > 1 ? "..." : "");
    }

    private static List<Block.Definition> options(CommandSpec spec) {
      return spec.options().stream()
          .filter(option -> !option.hidden())
          .map(option -> definition(label(option), option.description()))
          .toList();
    }

    private static String label(OptionSpec option) {
      String names =
          List.of(option.names()).stream()
              .map(name -> "`" + name + "`")
              .collect(Collectors.joining(", "));
      return option.arity().max() == 0 ? names : names + " *" + option.paramLabel() + "*";
    }

    private static Block.Definition definition(String term, String[] description) {
      return new Block.Definition(term, resolved(String.join(" ", description)));
    }

    /** The examples of the documentation that begin with this command. */
    private List<Block> examples(String command) {
      List<Block> examples = new ArrayList<>();
      for (Block block : page.section("Examples")) {
        if (block instanceof Block.Code code) {
          List<String> lines =
              code.lines().stream().filter(line -> line.startsWith(command + " ")).toList();
          if (!lines.isEmpty()) {
            examples.add(new Block.Code(code.language(), lines));
          }
        }
      }
      return examples;
    }

    private void seeAlso(Roff roff, String self) {
      List<String> pages = new ArrayList<>(List.of(PROGRAM + "(" + COMMANDS + ")"));
      Topic.ALL.forEach(topic -> pages.add(reference(topic)));
      pages.add("ssh(1)");
      pages.remove(self);
      String references =
          pages.stream()
              .map(each -> "**" + each.replace("(", "**("))
              .collect(Collectors.joining(", "));
      roff.section("SEE ALSO").blocks(paragraphs(List.of(references)));
    }
  }
}
