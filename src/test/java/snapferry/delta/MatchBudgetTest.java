package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static snapferry.delta.MatchLimits.Mode.AUTO;
import static snapferry.delta.MatchLimits.Mode.BYTE;
import static snapferry.delta.MatchLimits.Mode.SECTOR;

import org.junit.jupiter.api.Test;

class MatchBudgetTest {
  private static final int STRETCH_PAGES = 16;
  private static final int STRETCH = STRETCH_PAGES * 4096;

  @Test
  void whereNothingIsFoundASmallShareOfThePositionsIsTried() {
    MatchBudget budget = new MatchBudget(AUTO);
    long tried = 0;
    int stretches = 100_000;
    for (int i = 0; i < stretches; i++) {
      budget.earn(STRETCH_PAGES);
      tried += budget.positions(STRETCH, 4096);
    }
    long share = (long) stretches * STRETCH / MatchBudget.SHARE;
    assertThat(tried).isBetween(share, share + MatchBudget.FIRST_POSITIONS);
  }

  @Test
  void inTheBeginningAndAfterAFindEverythingIsTried() {
    MatchBudget budget = new MatchBudget(AUTO);
    assertThat(budget.positions(STRETCH, 4096)).isEqualTo(STRETCH);
    while (budget.positions(STRETCH, 4096) > 0) {
      // Spends all of it.
    }
    budget.found(256);
    assertThat(budget.positions(STRETCH, 4096)).isEqualTo(STRETCH);
  }

  @Test
  void byByteTriesEverythingAndBySectorNothing() {
    MatchBudget everything = new MatchBudget(BYTE);
    MatchBudget nothing = new MatchBudget(SECTOR);
    for (int i = 0; i < 100; i++) {
      assertThat(everything.positions(STRETCH, 4096)).isEqualTo(STRETCH);
      assertThat(nothing.positions(STRETCH, 4096)).isZero();
    }
  }

  @Test
  void proofsThatKeepFailingAreGivenUpUntilThereAreMorePages() {
    MatchBudget budget = new MatchBudget(AUTO);
    for (long i = 0; i < MatchBudget.FIRST_FAILURES; i++) {
      assertThat(budget.mayProve()).isTrue();
      budget.failed();
    }
    assertThat(budget.mayProve()).isFalse();
    budget.earn(1);
    assertThat(budget.mayProve()).isTrue();
  }
}
