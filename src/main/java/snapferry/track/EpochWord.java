package snapferry.track;

import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.RootHash;
import snapferry.replicate.StandbyEpoch;

/** What a standby holds, as a word of the control protocol: {@code STANDBY:EPOCH:ROOT}. */
final class EpochWord {
  private static final Pattern WORD =
      Pattern.compile(
          "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(0|[1-9]\\d{0,17}):([0-9a-f]{64})");

  private EpochWord() {}

  static String of(StandbyEpoch epoch) {
    return epoch.standby() + ":" + epoch.epoch() + ":" + epoch.root();
  }

  static StandbyEpoch parse(String word) throws FormatException {
    Matcher matcher = WORD.matcher(word);
    if (!matcher.matches()) {
      throw new FormatException("no STANDBY:EPOCH:ROOT");
    }
    return new StandbyEpoch(
        UUID.fromString(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        RootHash.read(LittleEndian.wrap(HexFormat.of().parseHex(matcher.group(3)))));
  }
}
