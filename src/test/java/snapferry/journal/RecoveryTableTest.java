package snapferry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import snapferry.journal.RecoveryTable.Header;
import snapferry.journal.RecoveryTable.Records;
import snapferry.journal.RecoveryTable.Standing;

/** The table of {@code journal.md} against the code, for every combination that there is. */
class RecoveryTableTest {
  /** How the document calls what the code names. */
  private static final Map<Enum<?>, String> WORDS =
      Map.ofEntries(
          Map.entry(Header.MISSING, "no journal"),
          Map.entry(Header.GARBLED, "garbled"),
          Map.entry(Header.VALID, "valid"),
          Map.entry(Slots.BLANK, "blank"),
          Map.entry(Slots.VALID, "valid"),
          Map.entry(Slots.GARBLED, "garbled"),
          Map.entry(Records.SOUND, "sound"),
          Map.entry(Records.DAMAGED, "damaged"),
          Map.entry(Standing.MISSING, "missing"),
          Map.entry(Standing.OTHER_VOLUME, "other volume"),
          Map.entry(Standing.APPLIED, "epoch and root of the journal"),
          Map.entry(Standing.BASE, "base epoch"),
          Map.entry(Standing.OTHER_EPOCH, "neither this nor the base epoch"));

  @Test
  void everyCombinationIsDecidedByTheFirstRowThatFits() throws IOException {
    List<List<String>> table = Document.table("recovery");
    assertThat(table).hasSize(10);

    for (Header header : Header.values()) {
      for (Slots slots : Slots.values()) {
        for (Records records : Records.values()) {
          for (Standing standing : Standing.values()) {
            List<Enum<?>> found = List.of(header, slots, records, standing);
            assertThat(RecoveryTable.decide(header, slots, records, standing).action().name())
                .as("%s", found)
                .isEqualTo(expected(table, found));
          }
        }
      }
    }
  }

  @Test
  void theTableUsesOnlyTheWordsOfTheCode() throws IOException {
    for (List<String> row : Document.table("recovery")) {
      assertThat(row.subList(0, 4))
          .allMatch(word -> word.equals("any") || WORDS.containsValue(word), "is a known word");
    }
  }

  private static String expected(List<List<String>> table, List<Enum<?>> found) {
    for (List<String> row : table) {
      boolean fits = true;
      for (int column = 0; column < found.size(); column++) {
        String word = row.get(column);
        fits &= word.equals("any") || word.equals(WORDS.get(found.get(column)));
      }
      if (fits) {
        return row.get(4).replaceAll(":.*", "");
      }
    }
    throw new AssertionError("no row for " + found);
  }
}
