package snapferry.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import snapferry.codec.Lz4;
import snapferry.codec.Printable;
import snapferry.failure.ExitCode;

/** The command {@code snapferry} itself, and the commands that it has. */
final class Snapferry extends Command {
  /** The names of the commands that can be explained. */
  static final List<String> NAMES =
      List.of(
          "push",
          "pull",
          "verify",
          "run",
          "check-config",
          "status",
          "report",
          "recover",
          "history",
          "rollback",
          "promote",
          "reverse",
          "cleanup",
          "track",
          ServeArguments.COMMAND,
          "version");

  private final Flag version =
      with(
          new Flag(
              "-V, --version", "Print the version; with -v also which native code is in use."));

  private final Flag verbose = with(new Flag("-v, --verbose", "With --version."));

  private Snapferry() {
    super(
        "snapferry",
        "Replicates block devices: brings a standby image to exactly one point in time.");
    spec()
        .usageMessage()
        .synopsisSubcommandLabel("COMMAND")
        .footer(
            "",
            "'snapferry help COMMAND' explains a command, 'snapferry help' tells of what else there"
                + " is help for. Exit codes: 0 done, 1 failed, 2 usage, 3 done with warnings, 10"
                + " locked, 11 wrong lineage, 12 busy, 13 size, 14 snapshot lost, 20 transport, 21"
                + " protocol, 22 integrity, 23 differences found, 130 interrupted.");
  }

  /** Runs the command that {@code arguments} name; gives the exit code. */
  static int run(String[] arguments, Interruption interruption) {
    String first = arguments.length > 0 ? arguments[0] : "";
    // What nobody asks for need not be described.
    CommandLine program =
        NAMES.contains(first)
            ? program(List.of(command(first, interruption)))
            : program(interruption);
    int code = program.execute(arguments);
    if (code == ExitCode.DONE.code() && StandardOutput.hasLost(System.out)) {
      System.err.println(Report.PREFIX + "what was asked for could not be written to stdout");
      return ExitCode.FAILED.code();
    }
    return code;
  }

  /** The program with all of its commands. */
  static CommandLine program(Interruption interruption) {
    List<Command> commands = new ArrayList<>();
    NAMES.forEach(name -> commands.add(command(name, interruption)));
    commands.add(new HelpCommand());
    return program(commands);
  }

  private static Command command(String name, Interruption interruption) {
    return switch (name) {
      case "push" -> new PushCommand(interruption);
      case "pull" -> new PullCommand(interruption);
      case "verify" -> new VerifyCommand(interruption);
      case "run" -> new RunCommand(interruption);
      case "check-config" -> new CheckConfigCommand(interruption);
      case "status" -> new StatusCommand(interruption);
      case "report" -> new ReportCommand(interruption);
      case "recover" -> new RecoverCommand(interruption);
      case "history" -> new HistoryCommand(interruption);
      case "rollback" -> new RollbackCommand(interruption);
      case "promote" -> new PromoteCommand(interruption);
      case "reverse" -> new ReverseCommand(interruption);
      case "cleanup" -> new CleanupCommand(interruption);
      case "track" -> TrackCommand.withSubcommands(interruption);
      case ServeArguments.COMMAND -> new ServeDescription();
      case "version" -> new VersionCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static CommandLine program(List<Command> commands) {
    Snapferry snapferry = new Snapferry();
    commands.forEach(snapferry::add);
    CommandLine program = snapferry.commandLine();
    program.setParameterExceptionHandler(new Refusal());
    return program.setColorScheme(colours(Terminal.ofStandardOutput()));
  }

  private static Help.ColorScheme colours(@Nullable Terminal terminal) {
    return Help.defaultColorScheme(Colours.of(terminal).ansi());
  }

  @Override
  public Integer call() {
    if (version.isGiven()) {
      printVersion(spec().commandLine().getOut(), verbose.isGiven());
      return ExitCode.DONE.code();
    }
    CommandLine program = spec().commandLine();
    program.usage(program.getErr(), colours(Terminal.ofStandardError()));
    return ExitCode.USAGE.code();
  }

  private static void printVersion(PrintWriter out, boolean verbose) {
    out.println(Software.nameAndVersion());
    if (verbose) {
      out.println("LZ4:    " + Lz4.implementation());
      out.println("xxHash: " + XXHashFactory.fastestInstance());
      out.println("Java:   " + Runtime.version() + ", " + System.getProperty("java.home"));
    }
    out.flush();
  }

  /**
   * Answers a command line that makes no sense. A class and no lambda: behind a lambda, an
   * interface as old as picocli's keeps itself and others out of the class archive.
   */
  private static final class Refusal implements CommandLine.IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
      CommandLine command = e.getCommandLine();
      PrintWriter err = command.getErr();
      err.println("snapferry: " + Printable.escape(String.valueOf(e.getMessage())));
      String name = command.getCommandName();
      err.println("Try 'snapferry help" + (name.equals("snapferry") ? "" : " " + name) + "'.");
      err.flush();
      return ExitCode.USAGE.code();
    }
  }

  /** {@code version}: as {@code --version -v}. */
  private static final class VersionCommand extends Command {
    VersionCommand() {
      super("version", "Print the version and which native code is in use.");
    }

    @Override
    public Integer call() {
      printVersion(spec().commandLine().getOut(), true);
      return ExitCode.DONE.code();
    }
  }

  /** Explains {@code serve}, which is run without picocli. */
  private static final class ServeDescription extends Command {
    ServeDescription() {
      super(
          ServeArguments.COMMAND,
          "Be the far end of a session over stdin and stdout. push, pull and verify start it through"
              + " the remote shell with --volume PATH.",
          "With --allow, as in command=\"snapferry serve --allow vol0=/srv/vol0.img\",restrict in"
              + " authorized_keys, only those volumes are served, by name: HOST:vol0. ',ro' keeps"
              + " clients from replicating into one.");
      spec().usageMessage().customSynopsis(ServeArguments.SYNOPSIS);
    }

    @Override
    public Integer call() {
      throw new IllegalStateException("serve is run before this is loaded");
    }
  }
}
