package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.codec.SealedText;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

class MountStateTest {
  private static final MountSettings SETTINGS =
      new MountSettings(
          Path.of("/mnt"), true, false, 0, 0, 0600, KernelCache.DIRECT, 4, Path.of("/run/x"));
  private static final List<MemoryFile> FILES =
      List.of(new MemoryFile("vol0", 5), new MemoryFile("vol1", 6));
  private static final MountState STATE =
      MountState.of(new Protocol(41, 4096, 1L << 39 | 5), SETTINGS, FILES);

  @Test
  void itComesBackAsItWas() throws Exception {
    assertThat(MountState.decode(STATE.encode())).isEqualTo(STATE);
  }

  @Test
  void theLargestFitsIntoAMessage() {
    List<MemoryFile> many = new ArrayList<>();
    for (int i = 0; i < ServedDirectory.MAX_FILES; i++) {
      many.add(new MemoryFile("v".repeat(124) + i, "i".repeat(ServedFile.MAX_IDENTITY), 1_000_000));
    }
    assertThat(MountState.of(STATE.protocol(), SETTINGS, many).encode().length)
        .isLessThan(MountState.MAX_LENGTH);
  }

  @Test
  void everyDamageIsNoticed() {
    byte[] good = STATE.encode();
    for (int at = 0; at < good.length; at++) {
      byte[] cut = Arrays.copyOf(good, at);
      assertThatThrownBy(() -> MountState.decode(cut)).isInstanceOf(FormatException.class);
      byte[] garbled = good.clone();
      garbled[at] ^= 4;
      assertThatThrownBy(() -> MountState.decode(garbled)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void sealedNonsenseIsAFormatErrorToo() {
    String body = new String(STATE.encode(), StandardCharsets.ISO_8859_1);
    body = body.substring(0, body.indexOf("crc32c"));
    for (String wrong :
        List.of(
            "\n",
            body.replace("minor: 41", "minor: x"),
            body.replace("DIRECT", "SOMETIMES"),
            body.replace("flags: ", "flag: "),
            body.substring(0, body.indexOf("flags")))) {
      assertThatThrownBy(() -> MountState.decode(SealedText.seal(wrong)))
          .as(wrong)
          .isInstanceOf(FormatException.class);
    }
  }

  @Test
  void otherFilesThanTheKernelKnowsAreRefused() throws Exception {
    STATE.requireSame(SETTINGS, FILES);
    List<List<MemoryFile>> others =
        List.of(
            List.of(FILES.get(0)),
            List.of(FILES.get(1), FILES.get(0)),
            List.of(FILES.get(0), new MemoryFile("vol1", 7)),
            List.of(FILES.get(0), new MemoryFile("vol1", "another", 6)));
    for (List<MemoryFile> other : others) {
      assertThatThrownBy(() -> STATE.requireSame(SETTINGS, other))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.LINEAGE))
          .hasMessageContaining("nothing was changed");
    }
  }
}
