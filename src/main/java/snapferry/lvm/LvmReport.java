package snapferry.lvm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import snapferry.codec.FormatException;

/**
 * A report of LVM with {@code --reportformat json}, lvmreport(7). Every value is a text:
 *
 * <pre>
 * {"report": [ {"lv": [ {"lv_name": "data", "lv_size": "104857600"}, … ]} ], "log": [ … ]}
 * </pre>
 */
final class LvmReport {
  static final int MAX_ROWS = 100_000;
  static final int MAX_FIELDS = 64;
  static final int MAX_VALUE = 16 << 10;

  private static final int MAX_DEPTH = 8;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_VALUE)
                  .maxNameLength(MAX_VALUE)
                  .build())
          .build();

  private final JsonParser parser;
  private final List<Map<String, String>> rows = new ArrayList<>();

  private LvmReport(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * The rows of all logical volumes in {@code text}.
   *
   * @throws FormatException if it is no report, or one beyond the bounds
   */
  static List<Map<String, String>> volumes(String text) throws FormatException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      LvmReport report = new LvmReport(parser);
      report.readDocument();
      return report.rows;
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FormatException("no report of LVM: " + e.getMessage());
    }
  }

  private void readDocument() throws IOException {
    expect(JsonToken.START_OBJECT);
    boolean found = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean report = parser.currentName().equals("report");
      found |= report;
      parser.nextToken();
      if (report) {
        readArray(this::readSections);
      } else {
        parser.skipChildren();
      }
    }
    require(found && parser.currentToken() == JsonToken.END_OBJECT, "it holds no report");
    require(parser.nextToken() == null, "something follows it");
  }

  private interface Element {
    void read() throws IOException;
  }

  private void readArray(Element element) throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY, "a list is missing");
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      element.read();
    }
    require(parser.currentToken() == JsonToken.END_ARRAY, "a list holds something else");
  }

  private void readSections() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean volumes = parser.currentName().equals("lv");
      parser.nextToken();
      if (volumes) {
        readArray(this::readRow);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readRow() throws IOException {
    require(rows.size() < MAX_ROWS, "it has more than " + MAX_ROWS + " rows");
    Map<String, String> row = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      require(row.size() < MAX_FIELDS, "a row has more than " + MAX_FIELDS + " fields");
      String name = parser.currentName();
      expect(JsonToken.VALUE_STRING);
      row.put(name, parser.getText());
    }
    rows.add(row);
  }

  private void expect(JsonToken token) throws IOException {
    require(parser.nextToken() == token, "something else than " + token + " is in it");
  }

  private static void require(boolean sane, String what) throws FormatException {
    if (!sane) {
      throw new FormatException("no report of LVM: " + what);
    }
  }
}
