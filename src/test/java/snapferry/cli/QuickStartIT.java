package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import snapferry.device.LoopDevice;

/** What {@code scripts/quick-start} laid beside the jar is there and is used. */
@NullMarked
class QuickStartIT {
  private final Path directory;
  private final Path temporary;
  private final Launcher launcher;

  QuickStartIT(@TempDir Path directory) {
    this.directory = directory;
    this.temporary = directory.resolve("tmp");
    this.launcher = new Launcher(directory);
  }

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectory(temporary);
    Files.write(directory.resolve("source"), new byte[1 << 20]);
  }

  @ParameterizedTest
  @CsvSource({
    "--version,snapferry.cli.Snapferry",
    "push,snapferry.cli.ReplicationCommand",
    "serve,snapferry.cli.Serve",
  })
  void classesComeFromTheArchiveOfThatKindOfCommand(String command, String loaded)
      throws Exception {
    Launcher.Result result = run("-Xlog:class+load:stderr", command);
    assertThat(result.out() + result.err())
        .contains("snapferry.cli.Main source: shared objects file")
        .contains(loaded + " source: shared objects file");
  }

  @Test
  void digitsAreThoseOfProgramsWhereverItRuns() throws Exception {
    String target = directory.resolve("target").toString();
    Launcher.Result result =
        run("-Duser.language=ar -Duser.country=EG", "push", "--stats", "source", target);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("epoch 1").matches("\\p{ASCII}+");
  }

  @Test
  void nativeCodeIsNotUnpackedToTheTemporaryDirectory() throws Exception {
    Launcher.Result result =
        run(
            "-Djava.io.tmpdir=" + temporary,
            "push",
            "source",
            directory.resolve("target").toString());
    assertThat(result.exit()).as(result.err()).isZero();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anArchiveThatIsMissingIsPassedOverInSilence() throws Exception {
    Launcher.Result result =
        run("-XX:SharedArchiveFile=" + directory.resolve("none.jsa"), "--version");
    assertThat(result.exit()).isZero();
    assertThat(result.err()).isEmpty();
  }

  /** With {@code -Dsnapferry.other.java=PATH}, of a Java that is not the one that built this. */
  @Test
  @EnabledIfSystemProperty(named = "snapferry.other.java", matches = ".+")
  void anotherJavaPassesOverArchivesThatAreNotItsOwnAndMakesItsOwn() throws Exception {
    String java = System.getProperty("snapferry.other.java");
    Map<String, String> withIt = Map.of("SNAPFERRY_JAVA", java);
    Launcher.Result before = launcher.start(withIt, "--version").await();
    assertThat(before.exit()).isZero();
    assertThat(before.err()).isEmpty();

    Path scripts = Objects.requireNonNull(Launcher.program().getParent());
    Path copy = directory.resolve("scripts/snapferry");
    Path target = directory.resolve("target");
    LoopDevice.run("cp", "-r", scripts.toString(), directory.toString());
    LoopDevice.run("mkdir", target.toString());
    for (String part : new String[] {"snapferry.jar", "lib"}) {
      LoopDevice.run(
          "cp", "-r", scripts.resolve("../target").resolve(part).toString(), target.toString());
    }
    LoopDevice.run(
        "env",
        "SNAPFERRY_JAVA=" + java,
        copy.resolveSibling("quick-start").toString(),
        target.toString());
    Launcher.Result after =
        new Launcher(directory, copy)
            .start(
                Map.of("SNAPFERRY_JAVA", java, "SNAPFERRY_JAVA_OPTS", "-Xlog:class+load:stderr"),
                "push")
            .await();
    assertThat(after.out() + after.err())
        .contains("snapferry.cli.ReplicationCommand source: shared objects file");
  }

  private Launcher.Result run(String javaOption, String... arguments)
      throws IOException, InterruptedException {
    return launcher.start(Map.of("SNAPFERRY_JAVA_OPTS", javaOption), arguments).await();
  }
}
