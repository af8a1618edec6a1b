package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import snapferry.device.LoopDevice;
import snapferry.failure.ExitCode;
import snapferry.process.Replica.Direction;

/**
 * One volume's history: it is written to, and runs to its standby go well or meet a fault. After
 * each the standby, recovered, is what it was or what it was to become, byte for byte; what the
 * exit code says of it is so; and in the end a run without faults makes it a copy.
 */
@NullMarked
final class History {
  private static final int STEPS = 5;
  private static final int MAX_BLOCKS = 12 << 11;
  private static final int SECTOR = 512;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /** What a run meets. */
  private enum Fault {
    NONE,
    NEAR_KILLED,
    FAR_KILLED,
    LINE_CUTS,
    LINE_SWALLOWS,
    LINE_GARBLES,
    SOURCE_FORGETS,
    STANDBY_RESTORED
  }

  private final Replica replica;
  private final Random random;
  private final boolean device;
  private final Tally tally;
  private final Path old;

  /**
   * @param device whether the standby is a loop device, and no file
   */
  History(Replica replica, Random random, boolean device, Tally tally) {
    this.replica = replica;
    this.random = random;
    this.device = device;
    this.tally = tally;
    this.old = replica.directory().resolve("old");
  }

  void run() throws Exception {
    long size = (long) SECTOR * (MAX_BLOCKS / 8 + random.nextInt(MAX_BLOCKS));
    Content.fill(replica.volume(), size, random);
    if (device) {
      Path backing = replica.directory().resolve("backing");
      LoopDevice.run("truncate", "-s", "" + size, backing.toString());
      try (LoopDevice loop = LoopDevice.over(backing)) {
        steps(loop.node());
      }
    } else {
      steps(replica.image());
    }
  }

  private void steps(Path target) throws Exception {
    complete(target, device ? List.of("--init") : List.of());
    for (int step = 0; step < STEPS; step++) {
      LoopDevice.run("cp", target.toString(), old.toString());
      Content.edit(replica.volume(), 1 + random.nextInt(4 << 20), random);
      Fault fault = fault();
      try {
        meet(fault, target);
      } catch (Throwable e) {
        throw new AssertionError("step " + step + ", " + fault + (device ? ", device" : ""), e);
      }
      tally.count((device ? "device: " : "file: ") + fault);
      if (random.nextInt(3) == 0) {
        complete(target, List.of());
      }
    }
    complete(target, List.of());
  }

  /** The state of a device lies with the source's here, so neither can be lost alone. */
  private Fault fault() {
    List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
    if (device) {
      faults.removeAll(List.of(Fault.SOURCE_FORGETS, Fault.STANDBY_RESTORED));
    }
    return faults.get(random.nextInt(faults.size()));
  }

  private void meet(Fault fault, Path target) throws Exception {
    switch (fault) {
      case NONE -> complete(target, List.of());
      case NEAR_KILLED, FAR_KILLED -> kill(fault == Fault.NEAR_KILLED, target);
      case LINE_CUTS -> overLine(BadLine.CUTS, target);
      case LINE_SWALLOWS -> overLine(BadLine.SWALLOWS, target);
      case LINE_GARBLES -> overLine(BadLine.GARBLES, target);
      case SOURCE_FORGETS -> forget(target);
      case STANDBY_RESTORED -> restore(target);
    }
  }

  /** A run that must succeed. */
  private void complete(Path target, List<String> more) throws Exception {
    List<String> options = more.isEmpty() ? options() : more;
    Outcome outcome = push(target, options);
    assertThat(outcome.exit()).as("%s: %s", options, outcome).isZero();
    assertThat(same(replica.volume(), target)).as("a copy, after %s", options).isTrue();
  }

  /** Some of what people say to a run. */
  private List<String> options() {
    return switch (random.nextInt(6)) {
      case 0 -> List.of("--match", "off");
      case 1 -> List.of("--compress", "none");
      case 2 -> List.of("--full");
      case 3 -> List.of("--match", "byte");
      default -> List.of();
    };
  }

  private Outcome push(Path target, List<String> options) throws Exception {
    return replica.attempt(
        Direction.PUSH, replica.volume(), target, options.toArray(String[]::new));
  }

  private void kill(boolean near, Path target) throws Exception {
    int millis = random.nextInt(2500);
    try (Program program =
        replica.start(Direction.PUSH, replica.volume(), target, Map.of(), "--bwlimit", "4M")) {
      Moment moment = Moment.after(Duration.ofMillis(millis));
      while (program.isAlive() && !moment.condition().holds()) {
        Thread.sleep(1);
      }
      if (near) {
        program.handle().destroyForcibly();
      } else {
        replica.farEnd().ifPresent(ProcessHandle::destroyForcibly);
      }
      program.await(DEADLINE);
      replica.assertNobodyIsLeft(DEADLINE);
    }
    assertOldOrNew(target);
  }

  private void overLine(BadLine bad, Path target) throws Exception {
    String there = bad.command(replica.directory(), random.nextInt(1 << (4 + random.nextInt(18))));
    boolean back = random.nextInt(3) == 0;
    replica.line(back ? "%s | " + there : there + " | %s");
    Outcome outcome;
    try {
      outcome = push(target, List.of("--timeout", "5", "--compress", "none"));
    } finally {
      replica.line("%s");
    }
    replica.assertNobodyIsLeft(DEADLINE);
    assertThat(outcome.exit())
        .as("%s", outcome)
        .isIn(
            ExitCode.DONE.code(),
            ExitCode.TRANSPORT.code(),
            ExitCode.PROTOCOL.code(),
            ExitCode.INTEGRITY.code());
    boolean arrived = assertOldOrNew(target);
    if (outcome.exit() == ExitCode.DONE.code()) {
      assertThat(arrived).as("what a run that is done left").isTrue();
    }
  }

  /** The source's memory is gone: refused, until somebody says that it is the same volume. */
  private void forget(Path target) throws Exception {
    Path aside = replica.directory().resolve("aside");
    LoopDevice.run("rm", "-rf", aside.toString());
    Files.move(replica.sourceRoot(), aside);
    refused(target);
    complete(target, List.of("--init"));
  }

  /** The standby is what it was an epoch ago: refused, until somebody says so. */
  private void restore(Path target) throws Exception {
    Path copy = replica.directory().resolve("copy");
    LoopDevice.run("rm", "-rf", copy.toString());
    LoopDevice.run("cp", "-a", target + ".snapferry", copy.toString());
    complete(target, List.of());
    LoopDevice.run("rm", "-rf", target + ".snapferry");
    LoopDevice.run("cp", "-a", copy.toString(), target + ".snapferry");
    Files.copy(old, target, StandardCopyOption.REPLACE_EXISTING);
    refused(target);
    complete(target, List.of("--rejoin"));
  }

  private void refused(Path target) throws Exception {
    Outcome outcome = push(target, List.of());
    assertThat(outcome.exit()).as("%s", outcome).isEqualTo(ExitCode.LINEAGE.code());
    assertThat(same(old, target)).as("the refused standby is untouched").isTrue();
  }

  /** Recovers the standby, and tells whether it is the new epoch. */
  private boolean assertOldOrNew(Path target) throws Exception {
    Outcome recovered =
        Program.run(
            replica.directory(),
            "recover",
            "--state-dir",
            replica.sourceRoot().toString(),
            target.toString());
    assertThat(recovered.exit()).as("%s", recovered).isZero();
    boolean renewed = same(replica.volume(), target);
    assertThat(renewed || same(old, target)).as("old or new").isTrue();
    tally.count("recovered to the " + (renewed ? "new" : "old"));
    return renewed;
  }

  private static boolean same(Path one, Path other) throws IOException {
    return Arrays.equals(Files.readAllBytes(one), Files.readAllBytes(other));
  }
}
