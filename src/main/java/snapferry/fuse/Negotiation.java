package snapferry.fuse;

import snapferry.posix.Errno;

/**
 * How an INIT ends, by the rules in linux/fuse.h: the smaller minor version counts, and of the
 * flags those that both sides have set.
 */
sealed interface Negotiation {
  /** The mount can be used. */
  record Agreed(Protocol protocol) implements Negotiation {}

  /** The kernel speaks a later major version: it is told ours, and asks again in that if it can. */
  record Again() implements Negotiation {}

  /** They do not come together. */
  record Refused(String why) implements Negotiation {}

  /** All that we make use of, whatever the cache. */
  long WISHES =
      InitLayout.ASYNC_READ
          | InitLayout.BIG_WRITES
          | InitLayout.ASYNC_DIO
          | InitLayout.PARALLEL_DIROPS
          | InitLayout.ABORT_ERROR
          | InitLayout.MAX_PAGES
          | InitLayout.INIT_EXT
          | InitLayout.DIRECT_IO_ALLOW_MMAP
          | InitLayout.HAS_RESEND;

  /** What to make of an INIT. */
  static Negotiation of(InitRequest init, KernelCache cache) {
    if (init.major() > Protocol.MAJOR) {
      return new Again();
    }
    if (init.major() < Protocol.MAJOR || init.minor() < Protocol.OLDEST_MINOR) {
      return new Refused(
          "the kernel speaks version "
              + init.major()
              + "."
              + init.minor()
              + " of the FUSE protocol; 7.31 (Linux 5.10) or later is needed");
    }
    long wishes = cache == KernelCache.WRITEBACK ? WISHES | InitLayout.WRITEBACK_CACHE : WISHES;
    return new Agreed(
        new Protocol(
            Math.min(init.minor(), Protocol.NEWEST_MINOR),
            Math.min(init.readAhead(), Protocol.MAX_WRITE),
            init.flags() & wishes));
  }

  /** Writes the answer to the INIT. */
  default void answer(Reply reply) {
    if (this instanceof Agreed agreed) {
      writeAgreed(agreed.protocol(), reply);
    } else if (this instanceof Again) {
      reply.body(InitLayout.REPLY_SIZE);
      reply.put(InitLayout.MAJOR, Protocol.MAJOR);
      reply.put(InitLayout.MINOR, Protocol.NEWEST_MINOR);
    } else {
      reply.error(Errno.EPROTO);
    }
  }

  private static void writeAgreed(Protocol protocol, Reply reply) {
    reply.body(InitLayout.REPLY_SIZE);
    reply.put(InitLayout.MAJOR, Protocol.MAJOR);
    reply.put(InitLayout.MINOR, protocol.minor());
    reply.put(InitLayout.READ_AHEAD, protocol.readAhead());
    reply.put(InitLayout.FLAGS, (int) protocol.flags());
    reply.put(InitLayout.REPLY_BACKGROUND, (short) Protocol.MAX_BACKGROUND);
    reply.put(InitLayout.REPLY_CONGESTION, (short) Protocol.CONGESTED_BACKGROUND);
    reply.put(InitLayout.REPLY_MAX_WRITE, Protocol.MAX_WRITE);
    reply.put(InitLayout.REPLY_TIME_GRANULARITY, 1);
    reply.put(InitLayout.REPLY_MAX_PAGES, (short) Protocol.MAX_PAGES);
    reply.put(InitLayout.REPLY_UPPER_FLAGS, (int) (protocol.flags() >>> Integer.SIZE));
  }
}
