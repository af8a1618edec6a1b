package snapferry.delta;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.codec.LittleEndian;
import snapferry.extent.Geometry;

/** The worked example of {@code signature.md}, whose bytes were computed by another program. */
class SignatureDocumentTest {
  private static final Path DOCUMENT = Path.of("src/site/markdown/signature.md");
  private static final int SIZE = 12_800;
  private static final int FILE_LENGTH = 12_336;

  @ParameterizedTest
  @EnumSource(HashKind.class)
  void theSignatureOfTheExampleVolumeIsTheOneInTheDocument(HashKind hash) throws IOException {
    MemoryStorage storage = new MemoryStorage();
    Signature signature = Signature.create(storage, Volume.shape(SIZE, 4096, hash));
    sign(volume(), signature);
    signature.rebuildTree();
    assertThat(Volume.content(storage)).isEqualTo(documentedFile(hash));
    assertThat(signature.root()).hasToString(documentedRoot(hash));
  }

  @ParameterizedTest
  @EnumSource(HashKind.class)
  void theDocumentedFileOpens(HashKind hash) throws IOException {
    MemoryStorage storage = new MemoryStorage();
    storage.write(0, ByteBuffer.wrap(documentedFile(hash)));
    Signature signature = Signature.open(storage);
    assertThat(signature.shape()).isEqualTo(Volume.shape(SIZE, 4096, hash));
    assertThat(signature.isTreeSound()).isTrue();
    assertThat(signature.root()).hasToString(documentedRoot(hash));
    assertThat(signature.nextNonZero(1, 4)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(HashKind.class)
  void nodeAndRootOfTheDocumentAreWhatItsFormulasSay(HashKind hash)
      throws IOException, NoSuchAlgorithmException {
    byte[] file = documentedFile(hash);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update("snapferry node 1".getBytes(US_ASCII));
    sha256.update((byte) 1);
    byte[] top = sha256.digest(Arrays.copyOfRange(file, 4096, 4096 + 4 * hash.length()));
    assertThat(Arrays.copyOfRange(file, 8192, 8192 + 32)).isEqualTo(top);
    sha256.update("snapferry root 1".getBytes(US_ASCII));
    sha256.update(LittleEndian.heap(12).putLong(SIZE).putInt(4096).array());
    sha256.update((byte) hash.code());
    assertThat(HexFormat.of().formatHex(sha256.digest(top))).isEqualTo(documentedRoot(hash));
  }

  private static byte[] volume() {
    byte[] volume = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      int block = i / 4096;
      volume[i] = (byte) (block == 1 ? 0 : block == 2 ? 0x5a : i);
    }
    return volume;
  }

  private static void sign(byte[] volume, Signature signature) throws IOException {
    SignatureShape shape = signature.shape();
    Geometry geometry = shape.geometry();
    BlockSigner signer = new BlockSigner(shape);
    ByteBuffer bytes = ByteBuffer.wrap(volume);
    for (long block = 0; block < geometry.blocks(); block++) {
      ByteBuffer entry = LittleEndian.heap(shape.entryLength());
      int offset = (int) geometry.offset(block);
      int length = geometry.length(block);
      signer.hash(bytes, offset, length, entry, 0);
      signer.pageSums(bytes, offset, length, entry, shape.hash().length());
      signature.putEntry(block, entry);
    }
  }

  private static byte[] documentedFile(HashKind hash) throws IOException {
    byte[] file = new byte[FILE_LENGTH];
    for (String line : documentedLines(hash)) {
      if (!line.startsWith("root")) {
        byte[] bytes = HexFormat.of().parseHex(line.substring(7).replace(" ", ""));
        System.arraycopy(bytes, 0, file, HexFormat.fromHexDigits(line, 0, 5), bytes.length);
      }
    }
    return file;
  }

  private static String documentedRoot(HashKind hash) throws IOException {
    List<String> lines = documentedLines(hash);
    return lines.get(lines.size() - 1).substring(7);
  }

  private static List<String> documentedLines(HashKind hash) throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENT);
    int from = lines.indexOf("```hex " + hash.label()) + 1;
    List<String> rest = lines.subList(from, lines.size());
    return rest.subList(0, rest.indexOf("```"));
  }
}
