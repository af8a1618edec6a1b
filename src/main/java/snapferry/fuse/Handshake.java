package snapferry.fuse;

import java.io.IOException;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.Errno;
import snapferry.posix.FuseDevice;
import snapferry.posix.PageBuffer;

/** The beginning of a mount: the kernel sends INIT and nothing else before that is answered. */
final class Handshake {
  /** Kernels ask twice at most; one that goes on asking is none. */
  private static final int MAX_ROUNDS = 3;

  private Handshake() {}

  /**
   * Waits for INIT and answers it.
   *
   * @throws Failure {@link ExitCode#PROTOCOL} if kernel and server do not come together
   */
  static Protocol on(FuseDevice device, KernelCache cache) throws IOException {
    PageBuffer in = Worker.requestBuffer();
    PageBuffer out = Worker.replyBuffer();
    Request request = new Request(in.bytes());
    Reply reply = new Reply(out.bytes());
    for (int round = 0; round < MAX_ROUNDS; round++) {
      if (!request.arrived(receive(device, in))) {
        break;
      }
      InitRequest init = InitRequest.of(request);
      if (init == null) {
        break;
      }
      Negotiation result = Negotiation.of(init, cache);
      result.answer(reply);
      int sent = device.send(out, reply.finish(request.unique()));
      if (sent < 0) {
        throw new Failure(ExitCode.PROTOCOL, "the kernel refuses the answer to INIT: " + -sent);
      }
      if (result instanceof Negotiation.Agreed agreed) {
        return agreed.protocol();
      }
      if (result instanceof Negotiation.Refused refused) {
        throw new Failure(ExitCode.PROTOCOL, refused.why());
      }
    }
    throw new Failure(ExitCode.PROTOCOL, "the kernel does not begin with a FUSE INIT");
  }

  private static int receive(FuseDevice device, PageBuffer in) throws IOException {
    int length;
    do {
      length = device.receive(in);
    } while (length == -Errno.EINTR || length == -Errno.EAGAIN);
    if (length < 0) {
      throw new IOException("the mount was gone before it was there: error " + -length);
    }
    return length;
  }
}
