package snapferry.fuse;

/** What the kernel keeps of a served file in its page cache. */
public enum KernelCache {
  /**
   * Nothing: every read and write is a request to the server, and a write that returned has been
   * made. Where the kernel (since 6.6) has it, files can be mapped all the same.
   */
  DIRECT,
  /**
   * Pages, also written ones, which come to the server later and joined: fast for small writes and
   * repeated reads, while what was not synced dies with the machine, as on any file system.
   */
  WRITEBACK
}
