package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LoopDevice;

/**
 * Offsets, sizes and constants are those of linux/fuse.h, as a C compiler sees them. What is newer
 * than the header at hand is not looked at.
 */
class LayoutTest {
  private static final Path HEADER = Path.of("/usr/include/linux/fuse.h");

  /** The version since which the header has a name. */
  private record Expected(int since, long value) {}

  private final Map<String, Expected> expected = new LinkedHashMap<>();

  @TempDir private Path directory;

  @Test
  void everythingIsWhereTheKernelsHeaderSays() throws IOException {
    assumeTrue(Files.exists(HEADER), "SKIPPED: there is no " + HEADER + " (linux-libc-dev)");
    assumeTrue(hasCompiler(), "SKIPPED: there is no gcc");
    headers();
    init();
    requests();
    replies();
    opcodes();

    StringBuilder program =
        new StringBuilder(
            """
            #include <stddef.h>
            #include <stdio.h>
            #include <linux/fuse.h>
            #include <linux/falloc.h>
            int main(void) {
            """);
    expected.forEach(
        (expression, value) ->
            program
                .append("#if FUSE_KERNEL_MINOR_VERSION >= " + value.since + "\n")
                .append("printf(\"%s=%lld\\n\", \"" + expression + "\", (long long) ")
                .append(expression + ");\n#endif\n"));
    Path source = directory.resolve("layout.c");
    Files.writeString(source, program.append("return 0; }\n"));
    Path binary = directory.resolve("layout");
    LoopDevice.run("gcc", "-o", binary.toString(), source.toString());

    List<String> lines = LoopDevice.run(binary.toString()).lines().toList();
    assertThat(lines).hasSizeGreaterThan(90);
    for (String line : lines) {
      int equals = line.lastIndexOf('=');
      String name = line.substring(0, equals);
      Expected value = expected.get(name);
      assertThat(value).as(name).isNotNull();
      assertThat(Long.parseLong(line.substring(equals + 1))).as(name).isEqualTo(value.value);
    }
  }

  private static boolean hasCompiler() {
    try {
      LoopDevice.run("gcc", "--version");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void same(String expression, long value) {
    since(0, expression, value);
  }

  private void since(int minor, String expression, long value) {
    assertThat(expected.put(expression, new Expected(minor, value))).isNull();
  }

  private void field(String struct, String field, long offset) {
    same("offsetof(struct fuse_" + struct + ", " + field + ")", offset);
  }

  private void size(String struct, long size) {
    same("sizeof(struct fuse_" + struct + ")", size);
  }

  private void headers() {
    field("in_header", "len", RequestHeader.LENGTH);
    field("in_header", "opcode", RequestHeader.OPCODE);
    field("in_header", "unique", RequestHeader.UNIQUE);
    field("in_header", "nodeid", RequestHeader.NODE);
    size("in_header", RequestHeader.SIZE);
    field("out_header", "len", ReplyHeader.LENGTH);
    field("out_header", "error", ReplyHeader.ERROR);
    field("out_header", "unique", ReplyHeader.UNIQUE);
    size("out_header", ReplyHeader.SIZE);
    since(40, "FUSE_NOTIFY_RESEND", ReplyHeader.NOTIFY_RESEND);
    same("FUSE_ROOT_ID", ServedNode.ROOT);
  }

  private void init() {
    same("FUSE_KERNEL_VERSION", Protocol.MAJOR);
    field("init_in", "major", InitLayout.MAJOR);
    field("init_in", "minor", InitLayout.MINOR);
    field("init_in", "max_readahead", InitLayout.READ_AHEAD);
    field("init_in", "flags", InitLayout.FLAGS);
    since(36, "offsetof(struct fuse_init_in, flags2)", InitLayout.UPPER_FLAGS);
    since(36, "sizeof(struct fuse_init_in)", InitLayout.SIZE);
    field("init_out", "major", InitLayout.MAJOR);
    field("init_out", "minor", InitLayout.MINOR);
    field("init_out", "max_readahead", InitLayout.READ_AHEAD);
    field("init_out", "flags", InitLayout.FLAGS);
    field("init_out", "max_background", InitLayout.REPLY_BACKGROUND);
    field("init_out", "congestion_threshold", InitLayout.REPLY_CONGESTION);
    field("init_out", "max_write", InitLayout.REPLY_MAX_WRITE);
    field("init_out", "time_gran", InitLayout.REPLY_TIME_GRANULARITY);
    field("init_out", "max_pages", InitLayout.REPLY_MAX_PAGES);
    since(36, "offsetof(struct fuse_init_out, flags2)", InitLayout.REPLY_UPPER_FLAGS);
    size("init_out", InitLayout.REPLY_SIZE);
    same("FUSE_ASYNC_READ", InitLayout.ASYNC_READ);
    same("FUSE_BIG_WRITES", InitLayout.BIG_WRITES);
    same("FUSE_ASYNC_DIO", InitLayout.ASYNC_DIO);
    same("FUSE_WRITEBACK_CACHE", InitLayout.WRITEBACK_CACHE);
    same("FUSE_PARALLEL_DIROPS", InitLayout.PARALLEL_DIROPS);
    same("FUSE_ABORT_ERROR", InitLayout.ABORT_ERROR);
    same("FUSE_MAX_PAGES", InitLayout.MAX_PAGES);
    since(36, "FUSE_INIT_EXT", InitLayout.INIT_EXT);
    since(39, "FUSE_DIRECT_IO_ALLOW_MMAP", InitLayout.DIRECT_IO_ALLOW_MMAP);
    since(40, "FUSE_HAS_RESEND", InitLayout.HAS_RESEND);
  }

  private void requests() {
    for (String struct : new String[] {"read_in", "write_in"}) {
      field(struct, "offset", TransferRequest.OFFSET);
      field(struct, "size", TransferRequest.COUNT);
      size(struct, TransferRequest.SIZE);
    }
    field("fallocate_in", "offset", FallocateRequest.OFFSET);
    field("fallocate_in", "length", FallocateRequest.LENGTH);
    field("fallocate_in", "mode", FallocateRequest.MODE);
    size("fallocate_in", FallocateRequest.SIZE);
    same("FALLOC_FL_KEEP_SIZE", FallocateRequest.KEEP_SIZE);
    same("FALLOC_FL_PUNCH_HOLE", FallocateRequest.PUNCH_HOLE);
    same("FALLOC_FL_ZERO_RANGE", FallocateRequest.ZERO_RANGE);
    field("setattr_in", "valid", SetattrRequest.VALID);
    field("setattr_in", "size", SetattrRequest.LENGTH);
    field("setattr_in", "mtime", SetattrRequest.MTIME);
    field("setattr_in", "mtimensec", SetattrRequest.MTIME_NANOS);
    size("setattr_in", SetattrRequest.SIZE);
    same("FATTR_MODE", SetattrRequest.MODE_VALID);
    same("FATTR_UID", SetattrRequest.UID_VALID);
    same("FATTR_GID", SetattrRequest.GID_VALID);
    same("FATTR_SIZE", SetattrRequest.LENGTH_VALID);
    same("FATTR_MTIME", SetattrRequest.MTIME_VALID);
    same("FATTR_MTIME_NOW", SetattrRequest.MTIME_NOW);
  }

  private void replies() {
    field("attr", "ino", Attributes.INODE);
    field("attr", "size", Attributes.LENGTH);
    field("attr", "blocks", Attributes.BLOCKS);
    field("attr", "atime", Attributes.ATIME);
    field("attr", "mtime", Attributes.MTIME);
    field("attr", "ctime", Attributes.CTIME);
    field("attr", "atimensec", Attributes.ATIME_NANOS);
    field("attr", "mtimensec", Attributes.MTIME_NANOS);
    field("attr", "ctimensec", Attributes.CTIME_NANOS);
    field("attr", "mode", Attributes.MODE);
    field("attr", "nlink", Attributes.LINKS);
    field("attr", "uid", Attributes.UID);
    field("attr", "gid", Attributes.GID);
    field("attr", "blksize", Attributes.BLOCK_SIZE);
    size("attr", Attributes.SIZE);
    field("attr_out", "attr_valid", AttributesReply.VALID_SECONDS);
    field("attr_out", "attr", AttributesReply.ATTRIBUTES);
    size("attr_out", AttributesReply.SIZE);
    field("entry_out", "nodeid", EntryReply.NODE);
    field("entry_out", "entry_valid", EntryReply.NAME_VALID_SECONDS);
    field("entry_out", "attr_valid", EntryReply.ATTRIBUTES_VALID_SECONDS);
    field("entry_out", "attr", EntryReply.ATTRIBUTES);
    size("entry_out", EntryReply.SIZE);
    field("open_out", "open_flags", OpenReply.FLAGS);
    size("open_out", OpenReply.SIZE);
    same("FOPEN_DIRECT_IO", OpenReply.DIRECT_IO);
    same("FOPEN_KEEP_CACHE", OpenReply.KEEP_CACHE);
    same("FOPEN_CACHE_DIR", OpenReply.CACHE_DIR);
    since(38, "FOPEN_PARALLEL_DIRECT_WRITES", OpenReply.PARALLEL_DIRECT_WRITES);
    field("write_out", "size", WriteReply.COUNT);
    size("write_out", WriteReply.SIZE);
    field("kstatfs", "blocks", StatfsReply.BLOCKS);
    field("kstatfs", "files", StatfsReply.FILES);
    field("kstatfs", "bsize", StatfsReply.BLOCK_SIZE);
    field("kstatfs", "namelen", StatfsReply.NAME_LENGTH);
    field("kstatfs", "frsize", StatfsReply.FRAGMENT_SIZE);
    size("statfs_out", StatfsReply.SIZE);
    field("dirent", "ino", DirectoryEntry.INODE);
    field("dirent", "off", DirectoryEntry.OFFSET);
    field("dirent", "namelen", DirectoryEntry.NAME_LENGTH);
    field("dirent", "type", DirectoryEntry.TYPE);
    field("dirent", "name", DirectoryEntry.NAME);
    same("FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + 5)", DirectoryEntry.size(5));
  }

  private void opcodes() {
    same("FUSE_LOOKUP", Opcode.LOOKUP);
    same("FUSE_FORGET", Opcode.FORGET);
    same("FUSE_GETATTR", Opcode.GETATTR);
    same("FUSE_SETATTR", Opcode.SETATTR);
    same("FUSE_SYMLINK", Opcode.SYMLINK);
    same("FUSE_MKNOD", Opcode.MKNOD);
    same("FUSE_MKDIR", Opcode.MKDIR);
    same("FUSE_UNLINK", Opcode.UNLINK);
    same("FUSE_RMDIR", Opcode.RMDIR);
    same("FUSE_RENAME", Opcode.RENAME);
    same("FUSE_LINK", Opcode.LINK);
    same("FUSE_OPEN", Opcode.OPEN);
    same("FUSE_READ", Opcode.READ);
    same("FUSE_WRITE", Opcode.WRITE);
    same("FUSE_STATFS", Opcode.STATFS);
    same("FUSE_RELEASE", Opcode.RELEASE);
    same("FUSE_FSYNC", Opcode.FSYNC);
    same("FUSE_INIT", Opcode.INIT);
    same("FUSE_OPENDIR", Opcode.OPENDIR);
    same("FUSE_READDIR", Opcode.READDIR);
    same("FUSE_RELEASEDIR", Opcode.RELEASEDIR);
    same("FUSE_FSYNCDIR", Opcode.FSYNCDIR);
    same("FUSE_CREATE", Opcode.CREATE);
    same("FUSE_INTERRUPT", Opcode.INTERRUPT);
    same("FUSE_DESTROY", Opcode.DESTROY);
    same("FUSE_NOTIFY_REPLY", Opcode.NOTIFY_REPLY);
    same("FUSE_BATCH_FORGET", Opcode.BATCH_FORGET);
    same("FUSE_FALLOCATE", Opcode.FALLOCATE);
    same("FUSE_RENAME2", Opcode.RENAME2);
    since(34, "FUSE_SYNCFS", Opcode.SYNCFS);
  }
}
