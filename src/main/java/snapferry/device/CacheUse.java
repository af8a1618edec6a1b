package snapferry.device;

/** What becomes of the page cache when a source is read: a sync reads all of it, and once. */
public enum CacheUse {
  /** Leave what is read in the page cache, as every program does. */
  KEEP,
  /** Read through the page cache and let it forget what was read, so that others keep theirs. */
  DROP,
  /** Read past the page cache (O_DIRECT), where what is read is aligned. */
  DIRECT
}
