package snapferry.delta;

import java.io.IOException;
import snapferry.extent.BlockSize;

/**
 * Finds pages of the new volume elsewhere in the basis, of which it has only the page sums: the
 * rsync algorithm (Tridgell, Mackerras, TR-CS-96-05) turned round, for data that stays in order
 * over long stretches.
 *
 * <pre>
 * basis pages     | q-1  |  q   | q+1  |                displacement = window - 4096 q
 *                     \      \      \
 * windows              |  w-1 |  w   | w+1  |          anchor: sum(w) = sum(q)
 * new pages       |      |#######|######|      |       # lies within matched windows: Copy
 * </pre>
 *
 * <p>For each run of literal pages, in this order, each only while nothing is found: at its start
 * and every 64 KiB the latest displacements, one window each; windows at every sector; windows at
 * every byte, as far as {@link MatchBudget} goes. A weak sum finds the candidate, the strong one
 * proves it. From an anchor the match grows both ways, window by window without a look-up, until a
 * sum differs or the run ends. Work is linear in the run: a window is proven or refuted at most
 * once each way, and failures are budgeted.
 *
 * <p>What comes out is a claim, which the block's hash proves on the standby. One thread.
 */
public final class PageMatcher {
  private static final int PAGE = BlockSize.PAGE;

  /** Pages after which the displacements are tried again, and windows at every byte. */
  private static final int STRETCH = 16;

  /**
   * Of so many pages, one is tried at its inner sectors: what spans a few more is found by it, and
   * grows over its neighbours.
   */
  private static final int SECTORED = 4;

  private final MoveSearch shared;
  private final BasisPages basis;
  private final NewWindows windows;
  private final SectorSums sectors;
  private final RollingSum rolling = new RollingSum();
  private final byte[] rolled = new byte[(STRETCH + 1) * PAGE];
  private final long[] found = new long[PageIndex.MAX_FOUND];
  private NewPages pages;

  // The run that is being looked at: the first page that is not explained, and where it ends.
  private int floor;
  private int end;

  PageMatcher(MoveSearch shared, NewWindows.Surroundings surroundings) {
    PageSigner signer = new PageSigner(shared.shape.key());
    this.shared = shared;
    this.basis = new BasisPages(shared.shape, shared.basis);
    this.windows = new NewWindows(shared.shape, signer, surroundings);
    this.sectors = new SectorSums(signer);
    this.pages = new NewPages(shared.shape, 0);
  }

  /** Turns literal pages into copies where the basis has them. A short last page stays as it is. */
  public void match(NewPages pages) throws IOException {
    this.pages = pages;
    windows.over(pages);
    sectors.of(pages.bytes());
    int count = pages.length() / PAGE;
    int page = 0;
    while (page < count) {
      int first = page;
      while (page < count && pages.isLiteral(page)) {
        page++;
      }
      if (page > first) {
        run(first, page);
      } else {
        page++;
      }
    }
  }

  private void run(int first, int end) throws IOException {
    shared.budget.earn(end - first);
    PageIndex index = shared.index.forRun(end - first);
    if (index == null) {
      return;
    }
    this.end = end;
    floor = first;
    int stretch = first;
    for (int page = first; page < end; ) {
      boolean explained;
      if (page >= stretch) {
        stretch = page + STRETCH;
        explained = displaced(page) || bySector(page, index) || byByte(page, first, index);
      } else {
        explained = bySector(page, index);
      }
      page = explained ? floor : page + 1;
      stretch = explained ? floor : stretch;
    }
  }

  /** Whether the page, and what follows, moved as something did lately. */
  private boolean displaced(int page) throws IOException {
    for (long displacement : shared.displacements.latest()) {
      long source = pages.offset() + (long) page * PAGE - displacement;
      int within = (int) Math.floorMod(source, (long) PAGE);
      // The window that begins in this page: it must match if the page is to be explained.
      int position = page * PAGE + (within == 0 ? 0 : PAGE - within);
      long basisPage = Math.floorDiv(source + PAGE - 1, (long) PAGE);
      if (matches(position, basisPage) && explains(position, basisPage)) {
        return true;
      }
    }
    return false;
  }

  private boolean bySector(int page, PageIndex index) throws IOException {
    int start = page * PAGE;
    if (candidate(start, pages.weak(page), index)) {
      return true;
    }
    if (end - floor >= BasisIndex.MIN_RUN && (page - floor) % SECTORED != 0) {
      return false;
    }
    int last = Math.min(start + PAGE - 1, (end - 1) * PAGE);
    for (int at = start + BlockSize.SECTOR; at <= last; at += BlockSize.SECTOR) {
      if (candidate(at, sectors.at(at), index)) {
        return true;
      }
    }
    return false;
  }

  private boolean byByte(int page, int first, PageIndex index) throws IOException {
    int start = page * PAGE;
    int wanted = Math.min(STRETCH * PAGE, (end - 1) * PAGE - start + 1);
    if (end - first < STRETCH || wanted <= 0) {
      return false;
    }
    int positions = shared.budget.positions(wanted, (long) PAGE << index.sampling());
    if (positions == 0) {
      return false;
    }
    pages.bytes().get(start, rolled, 0, positions - 1 + PAGE);
    rolling.start(rolled, 0);
    for (int i = 0; ; i++) {
      if (candidate(start + i, rolling.value(), index)) {
        return true;
      }
      if (i == positions - 1) {
        return false;
      }
      rolling.roll(rolled[i], rolled[i + PAGE]);
    }
  }

  /** Looks up one window, and grows a match from it if there is one that explains something. */
  private boolean candidate(int position, int weak, PageIndex index) throws IOException {
    int count = index.find(weak, found);
    if (count == 0 || !shared.budget.mayProve()) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (matches(position, found[i]) && explains(position, found[i])) {
        return true;
      }
    }
    shared.budget.failed();
    return false;
  }

  /** Whether the window at {@code position} is the page {@code basisPage}, and moved. */
  private boolean matches(int position, long basisPage) throws IOException {
    return windows.exists(position)
        && pages.offset() + position != basisPage * PAGE
        && basis.is(basisPage, strong(position));
  }

  private long strong(int position) throws IOException {
    boolean summed = position % PAGE == 0 && position >= floor * PAGE && position < end * PAGE;
    return summed ? pages.strong(position / PAGE) : windows.strong(position);
  }

  /**
   * Grows a match both ways as far as there are pages to explain, and makes copies of those that it
   * covers; then what is not explained begins behind it.
   */
  private boolean explains(int position, long basisPage) throws IOException {
    int from = position;
    for (long page = basisPage; from > floor * PAGE && matches(from - PAGE, page - 1); page--) {
      from -= PAGE;
    }
    int to = position + PAGE;
    for (long page = basisPage + 1; to < end * PAGE && matches(to, page); page++) {
      to += PAGE;
    }
    int first = Math.max(floor, Math.floorDiv(from + PAGE - 1, PAGE));
    int last = Math.min(end, to / PAGE);
    if (first >= last) {
      return false;
    }
    long displacement = pages.offset() + position - basisPage * PAGE;
    for (int page = first; page < last; page++) {
      pages.copy(page, pages.offset() + (long) page * PAGE - displacement);
    }
    floor = last;
    shared.budget.found(last - first);
    shared.displacements.found(displacement);
    return true;
  }
}
