package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import snapferry.failure.Failure;
import snapferry.posix.Errno;

@NullMarked
class DispatcherTest {
  private static final int SIZE = 10_000;
  private static final long FIRST = 2;

  private final MemoryFile file = new MemoryFile("vol0", SIZE);
  private final MemoryFile other = new MemoryFile("vol1", 4096);
  private Conversation kernel;

  @BeforeEach
  void begin() throws IOException {
    kernel = new Conversation(KernelCache.DIRECT, false, file, other);
  }

  @Test
  void filesAreFoundByNameAndHaveNumbersByTheirPlace() {
    lookup("vol1");
    assertThat(kernel.outcome()).isZero();
    assertThat(kernel.int64(EntryReply.NODE)).isEqualTo(3);
    assertThat(kernel.int64(EntryReply.ATTRIBUTES + Attributes.LENGTH)).isEqualTo(4096);
    lookup("vol2");
    assertThat(kernel.outcome()).isEqualTo(Errno.ENOENT);
    lookup("vol0");
    kernel.in.putLong(RequestHeader.NODE, FIRST);
    assertThat(kernel.outcome()).isEqualTo(Errno.ENOENT);
    lookup("vol0");
    kernel.in.put(RequestHeader.SIZE + 4, (byte) '0'); // no zero at the end
    assertThat(kernel.outcome()).isEqualTo(Errno.EINVAL);
  }

  private void lookup(String name) {
    byte[] bytes = (name + '\0').getBytes(StandardCharsets.US_ASCII);
    kernel.header(Opcode.LOOKUP, ServedNode.ROOT, bytes.length);
    kernel.in.put(RequestHeader.SIZE, bytes);
  }

  @Test
  void attributesAreThoseOfTheSettings() {
    kernel.header(Opcode.GETATTR, FIRST, 16);
    assertThat(kernel.send()).isEqualTo(ReplyHeader.SIZE + AttributesReply.SIZE);
    int at = AttributesReply.ATTRIBUTES;
    assertThat(kernel.int32(at + Attributes.MODE)).isEqualTo(0100640);
    assertThat(kernel.int32(at + Attributes.UID)).isEqualTo(7);
    assertThat(kernel.int32(at + Attributes.GID)).isEqualTo(8);
    assertThat(kernel.int64(at + Attributes.BLOCKS)).isEqualTo(20);
    kernel.header(Opcode.GETATTR, ServedNode.ROOT, 16);
    assertThat(kernel.outcome()).isZero();
    assertThat(kernel.int32(at + Attributes.MODE)).isEqualTo(0040550);
    kernel.header(Opcode.GETATTR, 4, 16);
    assertThat(kernel.outcome()).isEqualTo(Errno.ENOENT);
  }

  @Test
  void whatIsWrittenIsRead() {
    write(5, "hello");
    assertThat(kernel.outcome()).isZero();
    assertThat(kernel.int32(WriteReply.COUNT)).isEqualTo(5);
    kernel.transfer(Opcode.READ, FIRST, 4, 7, TransferRequest.SIZE);
    assertThat(kernel.send()).isEqualTo(ReplyHeader.SIZE + 7);
    byte[] read = new byte[7];
    kernel.out.get(ReplyHeader.SIZE, read);
    assertThat(read).isEqualTo("\0hello\0".getBytes(StandardCharsets.US_ASCII));
  }

  private void write(long offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    int size = TransferRequest.SIZE + bytes.length;
    kernel.transfer(Opcode.WRITE, FIRST, offset, bytes.length, size);
    kernel.in.put(RequestHeader.SIZE + TransferRequest.SIZE, bytes);
  }

  @Test
  void theEndOfAFileIsThatOfADevice() {
    kernel.transfer(Opcode.READ, FIRST, SIZE - 3, 100, TransferRequest.SIZE);
    assertThat(kernel.send()).isEqualTo(ReplyHeader.SIZE + 3);
    for (long offset : new long[] {SIZE, SIZE + 1, Long.MAX_VALUE}) {
      kernel.transfer(Opcode.READ, FIRST, offset, 100, TransferRequest.SIZE);
      assertThat(kernel.send()).isEqualTo(ReplyHeader.SIZE);
      assertThat(kernel.error()).isZero();
      write(offset, "x");
      assertThat(kernel.outcome()).isEqualTo(Errno.ENOSPC);
    }
    write(SIZE - 2, "four");
    assertThat(kernel.outcome()).isZero();
    assertThat(kernel.int32(WriteReply.COUNT)).isEqualTo(2);
    assertThat(file.content[SIZE - 1]).isEqualTo((byte) 'o');
  }

  @Test
  void holesArePunchedAndRangesZeroedWithinTheFile() {
    write(0, "abcdefgh");
    kernel.send();
    kernel.fallocate(FIRST, FallocateRequest.ZERO_RANGE, 1, 2);
    assertThat(kernel.outcome()).isZero();
    assertThat(file.discards).isZero();
    int punch = FallocateRequest.PUNCH_HOLE | FallocateRequest.KEEP_SIZE;
    kernel.fallocate(FIRST, punch, 4, Long.MAX_VALUE - 4);
    assertThat(kernel.outcome()).isZero();
    assertThat(file.discards).isEqualTo(1);
    assertThat(file.content).startsWith('a', 0, 0, 'd', 0, 0, 0, 0);
    kernel.fallocate(FIRST, punch, SIZE, 1);
    assertThat(kernel.outcome()).isZero();
    kernel.fallocate(FIRST, FallocateRequest.ZERO_RANGE, SIZE - 1, 2);
    assertThat(kernel.outcome()).isEqualTo(Errno.ENOSPC);
    kernel.fallocate(FIRST, punch, 2, Long.MAX_VALUE);
    assertThat(kernel.outcome()).isEqualTo(Errno.EINVAL);
    kernel.fallocate(FIRST, 0, 0, 1);
    assertThat(kernel.outcome()).isEqualTo(Errno.EOPNOTSUPP);
  }

  @Test
  void theSizeStaysAndSoDoOwnerAndMode() {
    assertThat(change(SetattrRequest.LENGTH_VALID, SIZE)).isZero();
    assertThat(change(SetattrRequest.LENGTH_VALID, SIZE - 1)).isEqualTo(Errno.EPERM);
    assertThat(change(SetattrRequest.LENGTH_VALID, 0)).isEqualTo(Errno.EPERM);
    assertThat(change(SetattrRequest.MODE_VALID, 0)).isEqualTo(Errno.EPERM);
    assertThat(change(SetattrRequest.UID_VALID, 0)).isEqualTo(Errno.EPERM);
  }

  private int change(int valid, long size) {
    kernel.header(Opcode.SETATTR, FIRST, SetattrRequest.SIZE);
    kernel.in.putInt(RequestHeader.SIZE + SetattrRequest.VALID, valid);
    kernel.in.putLong(RequestHeader.SIZE + SetattrRequest.LENGTH, size);
    return kernel.outcome();
  }

  @Test
  void theTimeCanBeSetAlsoToNonsense() {
    for (long seconds : new long[] {0, 1_700_000_000, -5, Long.MAX_VALUE, Long.MIN_VALUE}) {
      kernel.header(Opcode.SETATTR, FIRST, SetattrRequest.SIZE);
      kernel.in.putInt(RequestHeader.SIZE + SetattrRequest.VALID, SetattrRequest.MTIME_VALID);
      kernel.in.putLong(RequestHeader.SIZE + SetattrRequest.MTIME, seconds);
      kernel.in.putInt(RequestHeader.SIZE + SetattrRequest.MTIME_NANOS, 3);
      assertThat(kernel.outcome()).isZero();
      int at = AttributesReply.ATTRIBUTES;
      if (Math.abs(seconds) < 1L << 33 && seconds != Long.MIN_VALUE) {
        assertThat(kernel.int64(at + Attributes.MTIME)).isEqualTo(seconds);
        assertThat(kernel.int32(at + Attributes.MTIME_NANOS)).isEqualTo(3);
      }
    }
  }

  @Test
  void theDirectoryIsListedInPieces() {
    StringBuilder names = new StringBuilder();
    long offset = 0;
    while (true) {
      kernel.transfer(Opcode.READDIR, ServedNode.ROOT, offset, 64, TransferRequest.SIZE);
      int size = kernel.send() - ReplyHeader.SIZE;
      assertThat(size).isLessThanOrEqualTo(64);
      if (size == 0) {
        break;
      }
      for (int at = 0; at < size; ) {
        byte[] name = new byte[kernel.int32(at + DirectoryEntry.NAME_LENGTH)];
        kernel.out.get(ReplyHeader.SIZE + at + DirectoryEntry.NAME, name);
        names
            .append(new String(name, StandardCharsets.US_ASCII))
            .append(kernel.int64(at + DirectoryEntry.INODE));
        offset = kernel.int64(at + DirectoryEntry.OFFSET);
        at += DirectoryEntry.size(name.length);
      }
    }
    assertThat(names.toString()).isEqualTo(".1..1vol02vol13");
  }

  @Test
  void aReadOnlyMountTakesNoWrites() throws IOException {
    kernel = new Conversation(KernelCache.DIRECT, true, file);
    write(0, "x");
    assertThat(kernel.outcome()).isEqualTo(Errno.EROFS);
    kernel.fallocate(FIRST, FallocateRequest.ZERO_RANGE, 0, 1);
    assertThat(kernel.outcome()).isEqualTo(Errno.EROFS);
    kernel.header(Opcode.GETATTR, FIRST, 16);
    kernel.send();
    assertThat(kernel.int32(AttributesReply.ATTRIBUTES + Attributes.MODE)).isEqualTo(0100440);
  }

  @Test
  void aDiskThatFailsIsAnErrorOfTheRequest() {
    file.fails = true;
    write(0, "x");
    assertThat(kernel.outcome()).isEqualTo(Errno.EIO);
    kernel.transfer(Opcode.READ, FIRST, 0, 8, TransferRequest.SIZE);
    assertThat(kernel.send()).isEqualTo(ReplyHeader.SIZE);
    assertThat(kernel.error()).isEqualTo(Errno.EIO);
    kernel.header(Opcode.FSYNC, FIRST, 16);
    assertThat(kernel.outcome()).isEqualTo(Errno.EIO);
    kernel.header(Opcode.SYNCFS, ServedNode.ROOT, 8);
    assertThat(kernel.outcome()).isEqualTo(Errno.EIO);
  }

  @Test
  void syncingGoesToTheFilesItIsAskedFor() {
    kernel.header(Opcode.FSYNC, 3, 16);
    assertThat(kernel.outcome()).isZero();
    assertThat(file.syncs).isZero();
    assertThat(other.syncs).isOne();
    kernel.header(Opcode.SYNCFS, ServedNode.ROOT, 8);
    assertThat(kernel.outcome()).isZero();
    assertThat(file.syncs).isOne();
  }

  @Test
  void openSaysWhatTheKernelIsToCache() throws IOException {
    kernel.header(Opcode.OPEN, FIRST, 8);
    assertThat(kernel.outcome()).isZero();
    assertThat(kernel.int32(OpenReply.FLAGS))
        .isEqualTo(OpenReply.DIRECT_IO | OpenReply.PARALLEL_DIRECT_WRITES);
    kernel = new Conversation(KernelCache.WRITEBACK, false, file);
    kernel.header(Opcode.OPEN, FIRST, 8);
    kernel.send();
    assertThat(kernel.int32(OpenReply.FLAGS)).isEqualTo(OpenReply.KEEP_CACHE);
    kernel.header(Opcode.OPEN, ServedNode.ROOT, 8);
    assertThat(kernel.outcome()).isEqualTo(Errno.EISDIR);
    kernel.header(Opcode.OPENDIR, FIRST, 8);
    assertThat(kernel.outcome()).isEqualTo(Errno.ENOTDIR);
  }

  @Test
  void namesThatNoDirectoryCanHoldAreRefused() {
    for (String name : new String[] {"", ".", "..", "a/b", "a\0b", "ä"}) {
      assertThatThrownBy(() -> new Conversation(KernelCache.DIRECT, false, new MemoryFile(name, 1)))
          .isInstanceOf(Failure.class);
    }
    assertThatThrownBy(
            () -> new Conversation(KernelCache.DIRECT, false, file, new MemoryFile(file.name(), 1)))
        .hasMessageContaining("two files called vol0");
  }

  @Test
  void readsAndWritesMakeNoObjects() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    transferMany(10);
    long before = threads.getThreadAllocatedBytes(self);
    transferMany(10_000);
    long made = threads.getThreadAllocatedBytes(self) - before;
    assertThat(made).as("bytes for 20,000 requests").isLessThan(10_000);
  }

  private void transferMany(int count) {
    for (int i = 0; i < count; i++) {
      kernel.transfer(Opcode.WRITE, FIRST, i % 4096, 4096, TransferRequest.SIZE + 4096);
      kernel.send();
      kernel.transfer(Opcode.READ, FIRST, i % 4096, 4096, TransferRequest.SIZE);
      kernel.send();
    }
  }
}
