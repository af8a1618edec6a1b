package snapferry.replicate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.codec.SealedText;
import snapferry.journal.Manifest;

/**
 * What the first version of the formats left on the disks of both ends, when the power went between
 * the commit of epoch 2 and its application: {@code src/test/resources/golden/1}, never to be made
 * anew. Whatever is changed, this must be readable, or refused by its version.
 */
@NullMarked
class OldStateTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/1");

  private final SmallVolume volume = new SmallVolume();

  private Rig rig() throws IOException {
    Rig rig = new Rig();
    rig.bareImage(volume.old);
    rig.source(volume.next);
    restore(GOLDEN.resolve("standby"), rig, false, Rig.STATE);
    restore(GOLDEN.resolve("identity"), rig, true, Rig.IDENTITY);
    String standby =
        Manifest.decode(Files.readAllBytes(GOLDEN.resolve("standby/manifest"))).standby() + "";
    restore(GOLDEN.resolve("record"), rig, true, "standby-" + standby);
    return rig;
  }

  private static void restore(Path from, Rig rig, boolean source, String to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        StateFile.of(source ? rig.sourceDisk : rig.standbyDisk, to, file.getFileName().toString())
            .replace(Files.readAllBytes(file));
      }
    }
  }

  @Test
  void aJournalOfTheFirstVersionIsApplied() throws IOException {
    Rig rig = rig();
    try (Standby standby = rig.open()) {
      assertThat(standby.damage()).isNull();
      assertThat(standby.signature()).isNotNull();
      assertThat(ImageVerification.verify(standby, Monitor.SILENT).isSound()).isTrue();
    }
    assertThat(rig.image()).isEqualTo(volume.next);
  }

  @Test
  void theNextEpochFollowsFromWhatBothEndsRemember() throws IOException {
    Rig rig = rig();
    rig.source(volume.old);
    Summary summary = rig.replicate();
    assertThat(summary.epoch()).isEqualTo(3);
    assertThat(summary.basisRead()).as("the cached signature served").isLessThan(4 * 8192L);
    assertThat(rig.image()).isEqualTo(volume.old);
  }

  @Test
  void aLaterVersionIsRefusedByItsNumber() throws IOException {
    Rig rig = rig();
    StateFile manifest = StateFile.of(rig.standbyDisk, Rig.STATE, "manifest");
    String text = new String(manifest.load(), ISO_8859_1);
    String later = text.substring(0, text.indexOf("crc32c")).replace("manifest: 1", "manifest: 9");
    manifest.replace(SealedText.seal(later));
    try (Standby standby = rig.open()) {
      assertThat(standby.damage()).contains("manifest", "snapferry-manifest: 1");
    }
    assertThat(rig.image()).isEqualTo(volume.old);
  }
}
