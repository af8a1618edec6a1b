package snapferry.lvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import snapferry.change.ChangeMap;
import snapferry.codec.FormatException;
import snapferry.extent.Extent;

/**
 * What {@code thin_delta} says of two thin volumes, in blocks of their pool:
 *
 * <pre>
 * &lt;superblock … data_block_size="128" …&gt;               sectors of a block
 *   &lt;diff left="1" right="2"&gt;
 *     &lt;same begin="0" length="3"/&gt;
 *     &lt;different begin="3" length="1"/&gt;                  mapped in both, to different blocks
 *     &lt;right_only begin="4" length="2"/&gt;                 mapped only in the newer
 *     &lt;left_only begin="9" length="1"/&gt;                  mapped only in the older: zeros now
 * </pre>
 */
final class ThinDelta {
  private static final int SECTOR = 512;

  /** A pool's blocks have 64 KiB to 1 GiB, in steps of 64 KiB (kernel: dm-thin.c). */
  private static final long STEP = (64 << 10) / SECTOR;

  private static final long MAX_BLOCK = (1L << 30) / SECTOR;

  /** Beyond this many blocks of 64 KiB no volume goes. */
  private static final long MAX_BLOCKS = 1L << 47;

  private static final int MAX_ATTRIBUTE = 18;

  private final XMLStreamReader xml;
  private final ChangeMap changes;
  private long blockSize;

  private ThinDelta(XMLStreamReader xml, ChangeMap changes) {
    this.xml = xml;
    this.changes = changes;
  }

  /**
   * Reads a whole document into {@code changes}. What the volume has never had is left as it is.
   *
   * @throws FormatException if it is none, or ends too early
   */
  static void read(InputStream document, ChangeMap changes) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    // With bytes that are no UTF-8, the parser of the JDK would complain to stderr by itself.
    Reader text = new InputStreamReader(document, StandardCharsets.UTF_8.newDecoder());
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(text);
      try {
        new ThinDelta(xml, changes).readDocument();
      } finally {
        xml.close();
      }
    } catch (XMLStreamException e) {
      throw new FormatException("thin_delta cannot be read: " + e.getMessage());
    }
  }

  private void readDocument() throws XMLStreamException, FormatException {
    boolean compared = false;
    while (xml.hasNext()) {
      if (xml.next() != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      switch (xml.getLocalName()) {
        case "superblock" -> blockSize = blockSize();
        case "diff" -> compared = true;
        case "same" -> extent();
        case "different", "right_only" -> changes.mayDiffer(extent());
        case "left_only" -> changes.isZero(extent());
        default -> throw new FormatException("thin_delta says " + xml.getLocalName());
      }
    }
    if (!compared) {
      throw new FormatException("thin_delta compared nothing");
    }
  }

  private long blockSize() throws FormatException {
    long sectors = number("data_block_size", MAX_BLOCK);
    if (sectors == 0 || sectors % STEP != 0) {
      throw new FormatException("thin_delta says that a block has " + sectors + " sectors");
    }
    return sectors * SECTOR;
  }

  private Extent extent() throws FormatException {
    long begin = number("begin", MAX_BLOCKS);
    long length = number("length", MAX_BLOCKS);
    if (blockSize == 0 || length == 0 || begin + length > Long.MAX_VALUE / blockSize) {
      throw new FormatException("thin_delta names " + length + " blocks from " + begin + " on");
    }
    return new Extent(begin * blockSize, length * blockSize);
  }

  private long number(String attribute, long limit) throws FormatException {
    String text = String.valueOf(xml.getAttributeValue(null, attribute));
    boolean digits =
        !text.isEmpty()
            && text.length() <= MAX_ATTRIBUTE
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    long number = digits ? Long.parseLong(text) : -1;
    if (number < 0 || number > limit) {
      throw new FormatException(
          "thin_delta says " + attribute + "=\"" + text + "\" in " + xml.getLocalName());
    }
    return number;
  }
}
