package snapferry.delta;

/**
 * The search for data that moved within a volume, as far as all threads of a run share it: the
 * index of the basis, the distances by which things moved lately, and what may still be spent.
 */
public final class MoveSearch {
  final SignatureShape shape;
  final BasisSums basis;
  final BasisIndex index;
  final Displacements displacements = new Displacements();
  final MatchBudget budget;

  /** Makes nothing yet: a run in which nothing moves pays nothing. */
  public MoveSearch(SignatureShape shape, BasisSums basis, MatchLimits limits) {
    this.shape = shape;
    this.basis = basis;
    this.index = new BasisIndex(shape, basis, limits.memory());
    this.budget = new MatchBudget(limits.mode());
  }

  /** A matcher for one thread. */
  public PageMatcher matcher(NewWindows.Surroundings surroundings) {
    return new PageMatcher(this, surroundings);
  }
}
