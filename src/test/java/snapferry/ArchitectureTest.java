package snapferry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Which package may see which, and what only one of them may do. */
@NullMarked
class ArchitectureTest {
  /**
   * The packages from the lowest layer to the highest. A package sees those of lower layers only:
   * neither a higher layer nor its neighbours in its own.
   */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("failure"),
          List.of("extent"),
          List.of("codec", "posix"),
          List.of("device"),
          List.of("delta"),
          List.of("wire", "journal", "change"),
          List.of("plan", "patrol"),
          List.of("session"),
          List.of("replicate"),
          List.of("ssh", "lvm", "fuse"),
          List.of("track"),
          List.of("config", "schedule", "ledger", "manual"),
          List.of("html"),
          List.of("cli"));

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("snapferry");

  @Test
  void aPackageSeesOnlyLowerLayers() {
    LayeredArchitecture layers =
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("snapferry..")
            .withOptionalLayers(true)
            .ensureAllClassesAreContainedInArchitecture();
    List<String> lower = new ArrayList<>();
    for (List<String> layer : LAYERS) {
      for (String name : layer) {
        layers = layers.layer(name).definedBy("snapferry." + name + "..");
        layers =
            lower.isEmpty()
                ? layers.whereLayer(name).mayNotAccessAnyLayer()
                : layers.whereLayer(name).mayOnlyAccessLayers(lower.toArray(String[]::new));
      }
      lower.addAll(layer);
    }
    layers.check(PRODUCT);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("snapferry.(**)").should().beFreeOfCycles().check(PRODUCT);
  }

  @Test
  void onlyPosixCallsNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackage("snapferry.posix..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jnr..", "com.kenai.jffi..")
        .check(PRODUCT);
  }

  @Test
  void onlyTheCommandLineTouchesStandardStreams() {
    noClasses()
        .that()
        .resideOutsideOfPackage("snapferry.cli..")
        .should(ACCESS_STANDARD_STREAMS)
        .orShould()
        .accessField(System.class, "in")
        .check(PRODUCT);
  }

  @Test
  void onlyTheCommandLineEndsTheProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackage("snapferry.cli..")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(PRODUCT);
  }

  @Test
  void nothingLogsThroughJavaUtilLogging() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .check(PRODUCT);
  }

  @Test
  void classesAreNamedForWhatTheyAre() {
    JavaClasses everything = new ClassFileImporter().importPackages("snapferry");
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Info|Data|Impl|Handler|Processor)")
        .because("such a name says nothing about the field")
        .check(everything);
  }
}
