package snapferry.fuse;

import java.io.IOException;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.Errno;
import snapferry.posix.FuseDevice;
import snapferry.posix.PageBuffer;

/**
 * Reads requests and writes answers, one after the other, in buffers that are made once. What it is
 * given to read or write in begins at a page: the kernel copies to such memory faster, and O_DIRECT
 * takes no other.
 */
final class Worker {
  /** Headers before the bytes of a WRITE. */
  private static final int REQUEST_LEAD = RequestHeader.SIZE + TransferRequest.SIZE;

  private final FuseDevice device;
  private final Dispatcher dispatcher;
  private final PageBuffer in = requestBuffer();
  private final PageBuffer out = replyBuffer();
  private final Request request = new Request(in.bytes());
  private final Reply reply = new Reply(out.bytes());

  Worker(FuseDevice device, Dispatcher dispatcher) {
    this.device = device;
    this.dispatcher = dispatcher;
  }

  /**
   * A buffer that holds every request: the kernel demands room for {@link Protocol#MAX_WRITE} bytes
   * and their headers.
   */
  static PageBuffer requestBuffer() {
    return new PageBuffer(REQUEST_LEAD + Protocol.MAX_WRITE, REQUEST_LEAD);
  }

  /** A buffer that holds every answer. */
  static PageBuffer replyBuffer() {
    return new PageBuffer(ReplyHeader.SIZE + Protocol.MAX_WRITE, ReplyHeader.SIZE);
  }

  /**
   * Goes on until the mount is gone.
   *
   * @throws Failure {@link ExitCode#FAILED} if somebody aborted it
   */
  void run() throws IOException {
    while (true) {
      int length = device.receive(in);
      if (length >= 0) {
        answer(length);
        continue;
      }
      switch (-length) {
        case Errno.EINTR, Errno.EAGAIN, Errno.ENOENT -> {} // ENOENT: whoever asked is gone.
        case Errno.ENODEV -> {
          return;
        }
        case Errno.ECONNABORTED ->
            throw new Failure(
                ExitCode.FAILED,
                "the mount's connection was aborted (/sys/fs/fuse/connections): what was written"
                    + " and not synced may be lost");
        default -> throw new IOException("/dev/fuse: read failed with error " + -length);
      }
    }
  }

  private void answer(int length) throws IOException {
    if (!request.arrived(length)) {
      return;
    }
    int size = dispatcher.answer(request, reply);
    if (size == 0) {
      return;
    }
    int sent = device.send(out, size);
    if (sent == -Errno.EINVAL) {
      // It is no answer to that request. Who asked must not wait forever.
      reply.error(Errno.EIO);
      sent = device.send(out, reply.finish(request.unique()));
    }
    // Gone, aborted or killed in between: the next read tells which.
    if (sent < 0 && sent != -Errno.ENOENT && sent != -Errno.ENODEV && sent != -Errno.EPERM) {
      throw new IOException("/dev/fuse: write failed with error " + -sent);
    }
  }
}
