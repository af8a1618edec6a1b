package snapferry.journal;

/** What the two commit slots of a journal say together. */
enum Slots {
  /** Both are zeros: the journal was not committed. */
  BLANK,
  /** One is valid, or both are and say the same, and it is of the epoch of the header. */
  VALID,
  /** Anything else. */
  GARBLED
}
