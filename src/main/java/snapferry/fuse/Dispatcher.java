package snapferry.fuse;

import org.jspecify.annotations.Nullable;
import snapferry.posix.Errno;

/**
 * Answers requests, one after the other or many at once: bytes in, bytes out, and between them only
 * the files. Nothing is remembered from one request to the next, so a server that was started again
 * can go on where another one died.
 *
 * <p>No request, however garbled, makes it throw or reach outside its buffers; and each gets
 * exactly one answer, if it wants one.
 */
final class Dispatcher {
  /** Seconds for which the kernel may take what it was told as known: nothing changes by itself. */
  private static final long VALID_SECONDS = 24 * 60 * 60;

  private final ServedDirectory directory;
  private final Transfers transfers;
  private final int openFlags;

  /**
   * @param cache what the kernel shall keep of the files
   * @param complaints is told of I/O that failed
   */
  Dispatcher(ServedDirectory directory, KernelCache cache, Complaints complaints) {
    this.directory = directory;
    this.transfers = new Transfers(complaints);
    this.openFlags =
        cache == KernelCache.DIRECT
            ? OpenReply.DIRECT_IO | OpenReply.PARALLEL_DIRECT_WRITES
            : OpenReply.KEEP_CACHE;
  }

  /**
   * Answers the request that arrived.
   *
   * @return bytes of the answer; 0 if there is to be none
   */
  int answer(Request request, Reply reply) {
    int opcode = request.opcode();
    if (!Opcode.wantsAnswer(opcode)) {
      return 0;
    }
    if (request.isWhole()) {
      dispatch(opcode, request, reply);
    } else {
      reply.error(Errno.EINVAL);
    }
    return reply.finish(request.unique());
  }

  private void dispatch(int opcode, Request request, Reply reply) {
    switch (opcode) {
      case Opcode.READ, Opcode.WRITE, Opcode.FALLOCATE, Opcode.FSYNC ->
          onFile(opcode, request, reply);
      case Opcode.LOOKUP -> lookup(request, reply);
      case Opcode.GETATTR -> describe(request.node(), reply);
      case Opcode.SETATTR -> change(request, reply);
      case Opcode.OPEN -> open(request, reply);
      case Opcode.OPENDIR -> openDirectory(request, reply);
      case Opcode.READDIR -> list(request, reply);
      case Opcode.STATFS -> directory.statistics(reply);
      case Opcode.SYNCFS -> syncAll(reply);
      case Opcode.RELEASE, Opcode.RELEASEDIR, Opcode.FSYNCDIR, Opcode.DESTROY -> reply.done();
      case Opcode.SYMLINK,
          Opcode.MKNOD,
          Opcode.MKDIR,
          Opcode.UNLINK,
          Opcode.RMDIR,
          Opcode.RENAME,
          Opcode.RENAME2,
          Opcode.LINK,
          Opcode.CREATE ->
          reply.error(Errno.EPERM);
      case Opcode.INIT -> reply.error(Errno.EIO); // There is one, and it was answered.
      // Also INTERRUPT, FLUSH, ACCESS, LSEEK, attributes with names: the kernel then does without
      // and does not ask again.
      default -> reply.error(Errno.ENOSYS);
    }
  }

  private void onFile(int opcode, Request request, Reply reply) {
    ServedNode node = directory.file(request.node());
    if (node == null) {
      reply.error(request.node() == ServedNode.ROOT ? Errno.EISDIR : Errno.ENOENT);
      return;
    }
    switch (opcode) {
      case Opcode.READ -> transfers.read(node, request, reply);
      case Opcode.WRITE -> transfers.write(node, request, reply);
      case Opcode.FALLOCATE -> transfers.allocate(node, request, reply);
      default -> transfers.sync(node, reply);
    }
  }

  private void lookup(Request request, Reply reply) {
    String name = request.name();
    ServedNode node = name == null ? null : directory.file(name);
    if (node == null || request.node() != ServedNode.ROOT) {
      reply.error(name == null ? Errno.EINVAL : Errno.ENOENT);
      return;
    }
    reply.body(EntryReply.SIZE);
    reply.put(EntryReply.NODE, node.number());
    reply.put(EntryReply.NAME_VALID_SECONDS, VALID_SECONDS);
    reply.put(EntryReply.ATTRIBUTES_VALID_SECONDS, VALID_SECONDS);
    node.describe(reply, EntryReply.ATTRIBUTES);
  }

  private void describe(long number, Reply reply) {
    @Nullable ServedNode node = directory.file(number);
    if (node == null && number != ServedNode.ROOT) {
      reply.error(Errno.ENOENT);
      return;
    }
    reply.body(AttributesReply.SIZE);
    reply.put(AttributesReply.VALID_SECONDS, VALID_SECONDS);
    if (node == null) {
      directory.describe(reply, AttributesReply.ATTRIBUTES);
    } else {
      node.describe(reply, AttributesReply.ATTRIBUTES);
    }
  }

  /**
   * A file keeps its size, as a device does, and owner and mode as they were given at the start;
   * its time can be set.
   */
  private void change(Request request, Reply reply) {
    if (request.bodySize() < SetattrRequest.SIZE) {
      reply.error(Errno.EINVAL);
      return;
    }
    int valid = request.int32(SetattrRequest.VALID);
    ServedNode node = directory.file(request.node());
    boolean resizes =
        (valid & SetattrRequest.LENGTH_VALID) != 0
            && (node == null || request.int64(SetattrRequest.LENGTH) != node.file().size());
    int owner = SetattrRequest.MODE_VALID | SetattrRequest.UID_VALID | SetattrRequest.GID_VALID;
    if (resizes || (valid & owner) != 0) {
      reply.error(Errno.EPERM);
      return;
    }
    if (node != null && (valid & SetattrRequest.MTIME_NOW) != 0) {
      node.touch();
    } else if (node != null && (valid & SetattrRequest.MTIME_VALID) != 0) {
      node.setModified(
          request.int64(SetattrRequest.MTIME), request.int32(SetattrRequest.MTIME_NANOS));
    }
    describe(request.node(), reply);
  }

  private void open(Request request, Reply reply) {
    if (directory.file(request.node()) == null) {
      reply.error(request.node() == ServedNode.ROOT ? Errno.EISDIR : Errno.ENOENT);
      return;
    }
    reply.body(OpenReply.SIZE);
    reply.put(OpenReply.FLAGS, openFlags);
  }

  private void openDirectory(Request request, Reply reply) {
    if (request.node() != ServedNode.ROOT) {
      reply.error(Errno.ENOTDIR);
      return;
    }
    reply.body(OpenReply.SIZE);
    reply.put(OpenReply.FLAGS, OpenReply.KEEP_CACHE | OpenReply.CACHE_DIR);
  }

  private void list(Request request, Reply reply) {
    if (request.node() != ServedNode.ROOT) {
      reply.error(Errno.ENOTDIR);
    } else if (request.bodySize() < TransferRequest.SIZE) {
      reply.error(Errno.EINVAL);
    } else {
      int room = Math.min(request.int32(TransferRequest.COUNT), Protocol.MAX_WRITE);
      directory.list(request.int64(TransferRequest.OFFSET), room, reply);
    }
  }

  private void syncAll(Reply reply) {
    reply.done();
    for (ServedNode node : directory.files()) {
      if (!reply.isError()) {
        transfers.sync(node, reply);
      }
    }
  }
}
