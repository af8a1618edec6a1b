package snapferry.cli;

import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.ssh.Endpoint;

/** {@code pull}: the standby is here. */
final class PullCommand extends ReplicationCommand {
  PullCommand(Interruption interruption) {
    super(
        interruption,
        "pull",
        "Bring the standby TARGET to what SOURCE holds.",
        "SOURCE is [USER@]HOST:PATH, or [USER@]HOST:NAME for a volume that the host serves by name,"
            + " or a path here.");
  }

  @Override
  void check(Endpoint source, Endpoint target) throws Failure {
    if (target instanceof Endpoint.Remote) {
      throw new Failure(
          ExitCode.USAGE,
          "pull writes to a target of this host, not " + target + ": that is a push");
    }
  }
}
