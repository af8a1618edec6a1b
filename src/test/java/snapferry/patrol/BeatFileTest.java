package snapferry.patrol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.codec.SealedText;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/** The record of a patrol is read as it was written, or refused. */
@NullMarked
class BeatFileTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- example: patrol -->\n```\n([^`]+)```");

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  private Beat beat() {
    Geometry geometry =
        new Geometry(
            ((1L + random.nextInt(1000)) * BlockSize.SECTOR) << random.nextInt(30),
            new BlockSize(BlockSize.PAGE << random.nextInt(9)));
    long count = random.nextLong(Beat.MAX_COUNT + 1);
    List<Long> verified = new ArrayList<>();
    for (int i = 0; i < Beat.parts(geometry); i++) {
      verified.add(random.nextInt(3) == 0 ? Beat.NEVER : random.nextLong(count + 1));
    }
    return new Beat(
        geometry,
        random.nextLong(geometry.blocks()),
        count,
        random.nextLong(count + 1),
        new Moment(
            new UUID(random.nextLong(), random.nextLong()),
            random.nextLong() >>> 1,
            random.nextLong() >>> 1),
        verified);
  }

  @Test
  void whatIsWrittenIsRead() throws FormatException {
    for (int i = 0; i < 300; i++) {
      Beat beat = beat();
      byte[] bytes = BeatFile.encode(beat);
      assertThat(bytes.length).as("seed %d", seed).isLessThanOrEqualTo(BeatFile.MAX_LENGTH);
      assertThat(BeatFile.decode(bytes)).as("seed %d", seed).isEqualTo(beat);
    }
  }

  @Test
  void theExampleIsWhatIsWrittenAndRead() throws IOException {
    Matcher matcher = EXAMPLE.matcher(Files.readString(Path.of("src/site/markdown/journal.md")));
    assertThat(matcher.find()).isTrue();
    Beat beat =
        new Beat(
            new Geometry(41_984, new BlockSize(8192)),
            2,
            86_400_000,
            86_400_000,
            new Moment(
                UUID.fromString("6f1c1f0e-2f4b-4b59-9d5a-0d4a3c8f7b11"),
                123_450,
                1_795_376_700_000L),
            List.of(43_200_000L, 86_400_000L, Beat.NEVER, 3_600_000L, 3_600_000L, 3_600_000L));
    assertThat(new String(BeatFile.encode(beat), StandardCharsets.US_ASCII))
        .isEqualTo(matcher.group(1));
  }

  @Test
  void aDamagedRecordIsRefused() {
    byte[] whole = BeatFile.encode(beat());
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      assertRefused(flipped);
      assertRefused(Arrays.copyOf(whole, at));
    }
  }

  @Test
  void anotherSpellingOrAValueOutOfBoundsIsRefused() {
    Beat beat =
        new Beat(
            new Geometry(8192, new BlockSize(BlockSize.PAGE)),
            1,
            5,
            4,
            new Moment(new UUID(1, 2), 3, 4),
            List.of(5L, Beat.NEVER));
    String body = new String(BeatFile.encode(beat), StandardCharsets.US_ASCII);
    body = body.substring(0, body.indexOf("crc32c"));
    for (String[] each :
        new String[][] {
          {"cursor: 1", "cursor: 01"},
          {"cursor: 1", "cursor: +1"},
          {"cursor: 1", "cursor: 2"},
          {"cursor: 1", "cursor: -1"},
          {"cursor: 1", "cursor: 9999999999999999999"},
          {"count: 5", "count: 3"},
          {"count: 5", "count: 999999999999999999"},
          {"entered: 4", "entered: 6"},
          {"verified: 5 -", "verified: 5"},
          {"verified: 5 -", "verified: 5 - -"},
          {"verified: 5 -", "verified: 6 -"},
          {"verified: 5 -", "verified: 5 -1"},
          {"verified: 5 -", "verified: 5  -"},
          {"size: 8192", "size: 0"},
          {"block-size: 4096", "block-size: 4095"},
          {"uptime: 3", "uptime: -3"},
          {"boot: ", "boot: x"},
          {"patrol: 1", "patrol: 2"},
          {"clock: 4\n", "clock: 4\nclock: 4\n"}
        }) {
      assertThat(body).contains(each[0]);
      assertRefused(SealedText.seal(body.replace(each[0], each[1])));
    }
  }

  private void assertRefused(byte[] bytes) {
    assertThatThrownBy(() -> BeatFile.decode(bytes))
        .as("%s, seed %d", new String(bytes, StandardCharsets.ISO_8859_1), seed)
        .isInstanceOf(FormatException.class);
  }
}
