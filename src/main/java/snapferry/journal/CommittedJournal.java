package snapferry.journal;

/**
 * What a committed journal says of itself. Whether its records are sound is another question.
 *
 * @param header what it leads from and to
 * @param commit what it holds, and the root of the epoch that it makes
 */
public record CommittedJournal(JournalHeader header, CommitRecord commit) {}
