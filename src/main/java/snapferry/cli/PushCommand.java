package snapferry.cli;

import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.ssh.Endpoint;

/** {@code push}: the source is here. */
final class PushCommand extends ReplicationCommand {
  PushCommand(Interruption interruption) {
    super(
        interruption,
        "push",
        "Bring the standby TARGET to what SOURCE holds.",
        "TARGET is [USER@]HOST:PATH, or [USER@]HOST:NAME for a volume that the host serves by name,"
            + " or a path here.");
  }

  @Override
  void check(Endpoint source, Endpoint target) throws Failure {
    if (source instanceof Endpoint.Remote) {
      throw new Failure(
          ExitCode.USAGE, "push reads a source of this host, not " + source + ": that is a pull");
    }
  }
}
