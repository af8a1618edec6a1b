package snapferry.cli;

import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of single runs begin with: a volume group, and a file that is to be the standby. */
@NullMarked
abstract class LabPushes {
  @TempDir Path directory = Path.of("");
  Lab lab;
  Path standby = Path.of("");
  private InProcess snapferry;

  @BeforeEach
  final void open() throws Exception {
    snapferry = new InProcess(directory.resolve("state"));
    lab = Lab.open(directory);
    standby = directory.resolve("standby.img");
  }

  @AfterEach
  final void close() throws Exception {
    lab.close();
  }

  /** Runs {@code snapferry push} with these arguments. */
  final Launcher.Result push(String... arguments) {
    return snapferry.run("push", arguments);
  }
}
