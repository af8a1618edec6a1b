package snapferry.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.LittleEndian;
import snapferry.replicate.Monitor;

/** A dispatcher that is talked to without any kernel. */
@NullMarked
final class Conversation {
  static final int CAPACITY = 80 + Protocol.MAX_WRITE;

  final ByteBuffer in = LittleEndian.direct(CAPACITY);
  final ByteBuffer out = LittleEndian.direct(ReplyHeader.SIZE + Protocol.MAX_WRITE);
  private final Request request = new Request(in);
  private final Reply reply = new Reply(out);
  private final Dispatcher dispatcher;
  private long unique = 100;

  Conversation(KernelCache cache, boolean readOnly, ServedFile... files) throws IOException {
    MountSettings settings =
        new MountSettings(
            Path.of("/mnt"), false, readOnly, 7, 8, 0640, cache, 1, Path.of("/run/none"));
    dispatcher =
        new Dispatcher(
            new ServedDirectory(List.of(files), settings), cache, new Complaints(Monitor.SILENT));
  }

  /** Puts a header before a body of so many bytes. */
  void header(int opcode, long node, int bodySize) {
    unique += 2;
    in.putInt(RequestHeader.LENGTH, RequestHeader.SIZE + bodySize);
    in.putInt(RequestHeader.OPCODE, opcode);
    in.putLong(RequestHeader.UNIQUE, unique);
    in.putLong(RequestHeader.NODE, node);
  }

  /** A READ, WRITE or READDIR, without its bytes. */
  void transfer(int opcode, long node, long offset, int count, int bodySize) {
    header(opcode, node, bodySize);
    in.putLong(RequestHeader.SIZE + TransferRequest.OFFSET, offset);
    in.putInt(RequestHeader.SIZE + TransferRequest.COUNT, count);
  }

  void fallocate(long node, int mode, long offset, long length) {
    header(Opcode.FALLOCATE, node, FallocateRequest.SIZE);
    in.putLong(RequestHeader.SIZE + FallocateRequest.OFFSET, offset);
    in.putLong(RequestHeader.SIZE + FallocateRequest.LENGTH, length);
    in.putInt(RequestHeader.SIZE + FallocateRequest.MODE, mode);
  }

  /** Sends what the header says. */
  int send() {
    return send(in.getInt(RequestHeader.LENGTH));
  }

  /** Sends so many bytes; returns the length of the answer, 0 for none. */
  int send(int length) {
    return request.arrived(length) ? dispatcher.answer(request, reply) : 0;
  }

  /** The error number of the answer, positive. */
  int error() {
    return -out.getInt(ReplyHeader.ERROR);
  }

  long unique() {
    return out.getLong(ReplyHeader.UNIQUE);
  }

  int int32(int offset) {
    return out.getInt(ReplyHeader.SIZE + offset);
  }

  long int64(int offset) {
    return out.getLong(ReplyHeader.SIZE + offset);
  }

  /** Sends, and returns the error number. */
  int outcome() {
    send();
    return error();
  }
}
