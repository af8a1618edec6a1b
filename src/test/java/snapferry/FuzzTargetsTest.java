package snapferry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fuzz target with its corpus, and with mutants of it. What finds new inputs is {@code
 * scripts/fuzz}, guided by coverage; what it found stays in the corpus and is tried here for good.
 *
 * <p>{@code -Dsnapferry.mutants=N} asks for another number of mutants of each target.
 */
@NullMarked
class FuzzTargetsTest {
  private static final int MUTANTS = Integer.getInteger("snapferry.mutants", 1000);
  private static final long SEED = Long.getLong("snapferry.seed", 7);
  private static final Path SOURCES = Path.of("src/test/java/snapferry");
  private static final Path CORPORA = Path.of("src/test/resources/fuzz");

  /** The targets, as their corpora are called: {@code wire.StreamFuzz}. */
  static List<String> targets() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .map(file -> SOURCES.relativize(file).toString())
          .filter(name -> name.endsWith("Fuzz.java"))
          .map(name -> name.replace(".java", "").replace('/', '.'))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyTargetHasACorpusAndEveryCorpusATarget() throws Exception {
    try (Stream<Path> corpora = Files.list(CORPORA)) {
      assertThat(corpora.map(path -> path.getFileName().toString()).sorted().toList())
          .isEqualTo(targets());
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void noInputOfTheCorpusAndNoMutantDoesHarm(String target) throws Exception {
    Method entry =
        Class.forName("snapferry." + target).getMethod("fuzzerTestOneInput", byte[].class);
    List<byte[]> corpus = corpus(target);
    for (byte[] input : corpus) {
      run(entry, input, "an input of the corpus");
    }
    Random random = new Random(SEED);
    for (int i = 0; i < MUTANTS; i++) {
      run(entry, mutant(corpus, random), "mutant " + i + " of seed " + SEED);
    }
  }

  private static List<byte[]> corpus(String target) throws IOException {
    List<byte[]> corpus = new ArrayList<>();
    try (Stream<Path> files = Files.list(CORPORA.resolve(target))) {
      for (Path file : files.sorted().toList()) {
        corpus.add(Files.readAllBytes(file));
      }
    }
    assertThat(corpus).as(target).isNotEmpty();
    return corpus;
  }

  private static void run(Method entry, byte[] input, String which) throws Exception {
    try {
      entry.invoke(null, (Object) input.clone());
    } catch (InvocationTargetException e) {
      throw new AssertionError(which + ": " + Arrays.toString(input), e.getCause());
    }
  }

  /** An input with some bytes changed, or with the end of another. */
  private static byte[] mutant(List<byte[]> corpus, Random random) {
    byte[] input = corpus.get(random.nextInt(corpus.size())).clone();
    if (random.nextInt(4) == 0) {
      byte[] other = corpus.get(random.nextInt(corpus.size()));
      int cut = random.nextInt(Math.min(input.length, other.length) + 1);
      input = Arrays.copyOf(input, other.length);
      System.arraycopy(other, cut, input, cut, other.length - cut);
    }
    for (int i = random.nextInt(4); i >= 0 && input.length > 0; i--) {
      int at = random.nextInt(input.length);
      switch (random.nextInt(5)) {
        case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> input[at] = (byte) random.nextInt();
        case 2 -> input[at] += (byte) (random.nextInt(3) - 1);
        case 3 ->
            Arrays.fill(
                input,
                at,
                Math.min(input.length, at + 1 + random.nextInt(8)),
                (byte) -random.nextInt(2));
        default -> input = Arrays.copyOf(input, at);
      }
    }
    return input;
  }
}
