package snapferry.fuse;

import java.io.IOException;
import snapferry.posix.Errno;

/**
 * Reads, writes, zeros and syncs files as requests ask for it. At the end of a file it behaves like
 * a device: what lies beyond reads as nothing and cannot be written (ENOSPC).
 */
final class Transfers {
  private final Complaints complaints;

  Transfers(Complaints complaints) {
    this.complaints = complaints;
  }

  /** Answers READ. */
  void read(ServedNode node, Request request, Reply reply) {
    if (request.bodySize() < TransferRequest.SIZE) {
      reply.error(Errno.EINVAL);
      return;
    }
    long offset = request.int64(TransferRequest.OFFSET);
    int count = request.int32(TransferRequest.COUNT);
    if (offset < 0 || count < 0 || count > Protocol.MAX_WRITE) {
      reply.error(Errno.EINVAL);
      return;
    }
    int there = (int) Math.min(count, Math.max(0, node.file().size() - offset));
    if (there == 0) {
      reply.done();
      return;
    }
    try {
      node.file().read(offset, reply.content(there));
    } catch (IOException | RuntimeException | Error e) {
      fail("read", node, offset, there, e, reply);
    }
  }

  /** Answers WRITE. */
  void write(ServedNode node, Request request, Reply reply) {
    int count = request.bodySize() - TransferRequest.SIZE;
    if (count < 0
        || request.int32(TransferRequest.COUNT) != count
        || request.int64(TransferRequest.OFFSET) < 0) {
      reply.error(Errno.EINVAL);
      return;
    }
    long offset = request.int64(TransferRequest.OFFSET);
    int fits = (int) Math.min(count, Math.max(0, node.file().size() - offset));
    if (!node.isWritable()) {
      reply.error(Errno.EROFS);
      return;
    }
    if (fits == 0 && count > 0) {
      reply.error(Errno.ENOSPC);
      return;
    }
    try {
      node.file().write(offset, request.body(TransferRequest.SIZE, fits));
      node.touch();
      reply.body(WriteReply.SIZE);
      reply.put(WriteReply.COUNT, fits);
    } catch (IOException | RuntimeException | Error e) {
      fail("write", node, offset, fits, e, reply);
    }
  }

  /**
   * Answers FALLOCATE: punches holes and zeros. Space is not set aside (mode 0), because what is
   * behind a file may not be able to.
   */
  void allocate(ServedNode node, Request request, Reply reply) {
    if (request.bodySize() < FallocateRequest.SIZE) {
      reply.error(Errno.EINVAL);
      return;
    }
    long offset = request.int64(FallocateRequest.OFFSET);
    long length = request.int64(FallocateRequest.LENGTH);
    int mode = request.int32(FallocateRequest.MODE);
    boolean keepsSize = (mode & FallocateRequest.KEEP_SIZE) != 0;
    int what = mode & ~FallocateRequest.KEEP_SIZE;
    long size = node.file().size();
    if (what != FallocateRequest.PUNCH_HOLE && what != FallocateRequest.ZERO_RANGE) {
      reply.error(Errno.EOPNOTSUPP);
    } else if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
      reply.error(Errno.EINVAL);
    } else if (!node.isWritable()) {
      reply.error(Errno.EROFS);
    } else if (!keepsSize && offset + length > size) {
      reply.error(Errno.ENOSPC);
    } else {
      zero(node, offset, Math.min(length, size - offset), what, reply);
    }
  }

  private void zero(ServedNode node, long offset, long length, int what, Reply reply) {
    try {
      if (length > 0) {
        node.file().zero(offset, length, what == FallocateRequest.PUNCH_HOLE);
        node.touch();
      }
      reply.done();
    } catch (IOException | RuntimeException | Error e) {
      fail("zeroing", node, offset, length, e, reply);
    }
  }

  /** Answers FSYNC. */
  void sync(ServedNode node, Reply reply) {
    try {
      node.file().sync();
      reply.done();
    } catch (IOException | RuntimeException | Error e) {
      fail("sync", node, 0, node.file().size(), e, reply);
    }
  }

  private void fail(
      String what, ServedNode node, long offset, long length, Throwable e, Reply reply) {
    reply.error(Errno.EIO);
    complaints.failed(what, node.file(), offset, length, e);
  }
}
