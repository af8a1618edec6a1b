package snapferry.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.change.ChangeMap;
import snapferry.change.Span;
import snapferry.codec.FormatException;

/** What thin_delta 0.9.0 prints, and what it does not. */
@NullMarked
class ThinDeltaTest {
  private static final int BLOCK = 64 << 10;
  private static final long SIZE = 16L * BLOCK;
  private static final String DELTA =
      """
      <superblock uuid="" time="2" transaction="4" data_block_size="128" nr_data_blocks="4800">
        <diff left="1" right="2">
          <same begin="0" length="3"/>
          <different begin="3" length="1"/>
          <right_only begin="4" length="2"/>
          <left_only begin="9" length="1"/>
        </diff>
      </superblock>
      """;

  private static ChangeMap read(String document) throws IOException {
    ChangeMap changes = new ChangeMap("thin", SIZE);
    ThinDelta.read(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)), changes);
    return changes;
  }

  private static List<String> spans(ChangeMap changes) {
    List<String> spans = new ArrayList<>();
    for (long at = 0; at < SIZE; ) {
      Span span = changes.next(at);
      spans.add(span.kind() + " " + span.extent().length() / BLOCK);
      at = span.extent().end();
    }
    return spans;
  }

  @Test
  void whatWasUnmappedIsZeroAndWhatWasMappedIsRead() throws Exception {
    assertThat(spans(read(DELTA)))
        .containsExactly("UNCHANGED 3", "READ 3", "UNCHANGED 3", "ZERO 1", "UNCHANGED 6");
  }

  @Test
  void blocksBeyondTheVolumeDoNotMatter() throws Exception {
    assertThat(spans(read(DELTA.replace("begin=\"9\" length=\"1\"", "begin=\"15\" length=\"99\""))))
        .endsWith("UNCHANGED 9", "ZERO 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no XML",
        "<superblock data_block_size=\"128\"></superblock>",
        "<superblock data_block_size=\"128\"><diff><same begin=\"0\" length=\"3\"/></diff>",
        "<superblock data_block_size=\"128\"><diff><odd begin=\"0\""
            + " length=\"3\"/></diff></superblock>",
        "<diff><same begin=\"0\" length=\"3\"/></diff>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><superblock"
            + " data_block_size=\"128\"><diff>&b;</diff></superblock>"
      })
  void whatIsNoDeltaIsRefused(String document) {
    assertThatThrownBy(() -> read(document))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("thin_delta");
  }

  @Test
  void whatIsNoTextIsRefusedAndThisPackagePrintsNothing() {
    PrintStream stderr = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      byte[] document = DELTA.getBytes(StandardCharsets.UTF_8);
      document[DELTA.indexOf("left")] = (byte) 0xff;
      assertThatThrownBy(
              () -> ThinDelta.read(new ByteArrayInputStream(document), new ChangeMap("thin", SIZE)))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("thin_delta");
    } finally {
      System.setErr(stderr);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "data_block_size=\"128\", data_block_size=\"0\"",
    "data_block_size=\"128\", data_block_size=\"127\"",
    "data_block_size=\"128\", data_block_size=\"4194304\"",
    "data_block_size=\"128\", x=\"128\"",
    "begin=\"3\", begin=\"-3\"",
    "begin=\"3\", begin=\"9999999999999999999\"",
    "begin=\"3\", begin=\"\"",
    "length=\"2\", length=\"0\"",
    "length=\"2\", length=\"999999999999999\"",
    "length=\"2\", length=\"2x\""
  })
  void aNumberBeyondItsBoundsIsRefused(String good, String bad) {
    assertThatThrownBy(() -> read(DELTA.replace(good, bad))).isInstanceOf(FormatException.class);
  }

  @Test
  void aGarbledDeltaIsRefusedOrRead() throws Exception {
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      char[] text = DELTA.toCharArray();
      for (int i = random.nextInt(3); i >= 0; i--) {
        text[random.nextInt(text.length)] = (char) (random.nextInt(0x5f) + 0x20);
      }
      try {
        assertThat(spans(read(new String(text)))).as("seed %s", seed).isNotEmpty();
      } catch (FormatException e) {
        assertThat(e).as("seed %s", seed).hasMessageContaining("thin_delta");
      }
    }
  }
}
