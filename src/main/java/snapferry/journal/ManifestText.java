package snapferry.journal;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.codec.SealedText;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * The text of a {@link Manifest}, in ASCII:
 *
 * <pre>
 *  snapferry-manifest: 1
 *  state: seeding | standing | promoted
 *  label: 1 to 128 of [A-Za-z0-9._-]
 *  volume: UUID
 *  standby: UUID
 *  epoch: decimal
 *  root: 64 hex digits
 *  size: decimal
 *  block-size: decimal
 *  hash: fast128 | sha256
 *  key: 32 hex digits, k0 then k1, each little-endian
 *  time: 2026-11-22T19:45:00.000Z
 *  signature: present | absent
 *  crc32c: 8 hex digits, of all bytes before this line
 * </pre>
 */
final class ManifestText {
  private static final String FIRST_LINE = "snapferry-manifest: 1";
  private static final HexFormat HEX = HexFormat.of();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String[] lines;
  private int next;

  private ManifestText(String body) {
    this.lines = body.split("\n", -1);
  }

  static byte[] encode(Manifest manifest) {
    SignatureShape shape = manifest.shape();
    String body =
        FIRST_LINE
            + line("state", manifest.state().label())
            + line("label", manifest.label())
            + line("volume", manifest.volume())
            + line("standby", manifest.standby())
            + line("epoch", manifest.epoch())
            + line("root", manifest.root())
            + line("size", shape.geometry().size())
            + line("block-size", shape.geometry().blockSize().bytes())
            + line("hash", shape.hash().label())
            + line("key", hex(shape.key()))
            + line("time", TIME.format(manifest.time()))
            + line("signature", manifest.signaturePresent() ? "present" : "absent")
            + "\n";
    return SealedText.seal(body);
  }

  private static String line(String key, Object value) {
    return "\n" + key + ": " + value;
  }

  static Manifest decode(byte[] bytes) throws FormatException {
    if (bytes.length > Manifest.MAX_LENGTH) {
      throw new FormatException("manifest of " + bytes.length + " bytes");
    }
    String body = SealedText.open(bytes, "manifest");
    Manifest manifest;
    try {
      manifest = new ManifestText(body).parse();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new FormatException("manifest: " + e.getMessage());
    }
    // The parsers of the JDK take more than one spelling of a value; only ours is accepted.
    if (!Arrays.equals(bytes, encode(manifest))) {
      throw new FormatException("manifest whose values are not in their canonical form");
    }
    return manifest;
  }

  private Manifest parse() throws FormatException {
    if (!lines[next++].equals(FIRST_LINE)) {
      throw new FormatException("manifest that does not start with '" + FIRST_LINE + "'");
    }
    ImageState state = ImageState.labelled(value("state")).orElseThrow(ManifestText::strange);
    String label = value("label");
    UUID volume = UUID.fromString(value("volume"));
    UUID standby = UUID.fromString(value("standby"));
    long epoch = Long.parseLong(value("epoch"));
    RootHash root = RootHash.read(hex(value("root"), RootHash.LENGTH));
    long size = Long.parseLong(value("size"));
    BlockSize blockSize = new BlockSize(Integer.parseInt(value("block-size")));
    HashKind hash =
        word("hash", HashKind.FAST128.label(), HashKind.SHA256.label())
            ? HashKind.FAST128
            : HashKind.SHA256;
    SignatureShape.Key key = SignatureShape.Key.read(hex(value("key"), SignatureShape.Key.LENGTH));
    SignatureShape shape = new SignatureShape(new Geometry(size, blockSize), hash, key);
    Instant time = TIME.parse(value("time"), Instant::from);
    boolean signature = word("signature", "present", "absent");
    return new Manifest(state, label, volume, standby, epoch, root, shape, time, signature);
  }

  /** The value of the next line, which must have this key. */
  private String value(String key) throws FormatException {
    String line = next < lines.length ? lines[next++] : "";
    if (!line.startsWith(key + ": ")) {
      throw new FormatException("manifest line " + next + " is not '" + key + "'");
    }
    return line.substring(key.length() + 2);
  }

  private static FormatException strange() {
    return new FormatException("manifest with a state that is none of this version");
  }

  /** Whether the value of the next line is the one word (true) or the other (false). */
  private boolean word(String key, String one, String other) throws FormatException {
    String value = value(key);
    if (!value.equals(one) && !value.equals(other)) {
      throw new FormatException(
          "manifest line '" + key + "' is not '" + one + "' or '" + other + "'");
    }
    return value.equals(one);
  }

  private static String hex(SignatureShape.Key key) {
    byte[] bytes = new byte[SignatureShape.Key.LENGTH];
    key.write(LittleEndian.wrap(bytes));
    return HEX.formatHex(bytes);
  }

  private static ByteBuffer hex(String digits, int length) throws FormatException {
    if (digits.length() != 2 * length) {
      throw new FormatException("manifest value of " + digits.length() + " hex digits");
    }
    return LittleEndian.wrap(HEX.parseHex(digits));
  }
}
