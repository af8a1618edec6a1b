package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
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

  /** A struct of the header, our class of it, and its fields with our names of their offsets. */
  private static final String STRUCTS =
      """
      in_header    RequestHeader    len LENGTH, opcode OPCODE, unique UNIQUE, nodeid NODE
      out_header   ReplyHeader      len LENGTH, error ERROR, unique UNIQUE
      init_in      InitLayout       major MAJOR, minor MINOR, max_readahead READ_AHEAD, flags FLAGS, flags2 UPPER_FLAGS
      read_in      TransferRequest  offset OFFSET, size COUNT
      write_in     TransferRequest  offset OFFSET, size COUNT
      fallocate_in FallocateRequest offset OFFSET, length LENGTH, mode MODE
      setattr_in   SetattrRequest   valid VALID, size LENGTH, mtime MTIME, mtimensec MTIME_NANOS
      attr         Attributes       ino INODE, size LENGTH, blocks BLOCKS, nlink LINKS, mode MODE
      attr         Attributes       atime ATIME, mtime MTIME, ctime CTIME, uid UID, gid GID
      attr         Attributes       atimensec ATIME_NANOS, mtimensec MTIME_NANOS, ctimensec CTIME_NANOS
      attr         Attributes       blksize BLOCK_SIZE
      attr_out     AttributesReply  attr_valid VALID_SECONDS, attr ATTRIBUTES
      entry_out    EntryReply       nodeid NODE, attr ATTRIBUTES, entry_valid NAME_VALID_SECONDS
      entry_out    EntryReply       attr_valid ATTRIBUTES_VALID_SECONDS
      open_out     OpenReply        open_flags FLAGS
      write_out    WriteReply       size COUNT
      """;

  /** The same, where the size of the struct is not that of the class. */
  private static final String PARTS =
      """
      init_out     InitLayout       major MAJOR, minor MINOR, max_readahead READ_AHEAD, flags FLAGS
      init_out     InitLayout       max_background REPLY_BACKGROUND, max_write REPLY_MAX_WRITE
      init_out     InitLayout       congestion_threshold REPLY_CONGESTION, max_pages REPLY_MAX_PAGES
      init_out     InitLayout       time_gran REPLY_TIME_GRANULARITY, flags2 REPLY_UPPER_FLAGS
      kstatfs      StatfsReply      blocks BLOCKS, files FILES, bsize BLOCK_SIZE, frsize FRAGMENT_SIZE
      kstatfs      StatfsReply      namelen NAME_LENGTH
      dirent       DirectoryEntry   ino INODE, off OFFSET, namelen NAME_LENGTH, type TYPE, name NAME
      """;

  /** The minor version of the header that has brought a name. */
  private static final Map<String, Integer> SINCE =
      Map.of(
          "FUSE_SYNCFS", 34,
          "offsetof(struct fuse_init_in, flags2)", 36,
          "sizeof(struct fuse_init_in)", 36,
          "offsetof(struct fuse_init_out, flags2)", 36,
          "FUSE_INIT_EXT", 36,
          "FOPEN_PARALLEL_DIRECT_WRITES", 38,
          "FUSE_DIRECT_IO_ALLOW_MMAP", 39,
          "FUSE_HAS_RESEND", 40,
          "FUSE_NOTIFY_RESEND", 40);

  private final Map<String, Long> expected = new LinkedHashMap<>();

  @TempDir private Path directory;

  @Test
  void everythingIsWhereTheKernelsHeaderSays() throws Exception {
    assumeTrue(Files.exists(HEADER), "SKIPPED: there is no " + HEADER + " (linux-libc-dev)");
    assumeTrue(hasCompiler(), "SKIPPED: there is no gcc");
    for (String row : STRUCTS.lines().toList()) {
      offsets(row);
      String[] words = row.split(" +", 3);
      expected.put("sizeof(struct fuse_" + words[0] + ")", constant(type(words[1]), "SIZE"));
    }
    for (String row : PARTS.lines().toList()) {
      offsets(row);
    }
    constants();
    flags();

    List<String> lines = LoopDevice.run(compiled().toString()).lines().toList();
    assertThat(lines).hasSizeGreaterThan(90);
    for (String line : lines) {
      int equals = line.lastIndexOf('=');
      String name = line.substring(0, equals);
      assertThat(Long.parseLong(line.substring(equals + 1))).as(name).isEqualTo(expected.get(name));
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

  private void offsets(String row) throws ReflectiveOperationException {
    String[] words = row.split(" +", 3);
    for (String field : words[2].split(", ", -1)) {
      String[] names = field.split(" ", -1);
      expected.put(
          "offsetof(struct fuse_%s, %s)".formatted(words[0], names[0]),
          constant(type(words[1]), names[1]));
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName("snapferry.fuse." + name);
  }

  private static long constant(Class<?> type, String name) throws ReflectiveOperationException {
    return type.getDeclaredField(name).get(null) instanceof Number number ? number.longValue() : -1;
  }

  private void constants() {
    expected.put("FUSE_KERNEL_VERSION", (long) Protocol.MAJOR);
    expected.put("FUSE_ROOT_ID", (long) ServedNode.ROOT);
    expected.put("FUSE_NOTIFY_RESEND", (long) ReplyHeader.NOTIFY_RESEND);
    expected.put("sizeof(struct fuse_init_out)", (long) InitLayout.REPLY_SIZE);
    expected.put("sizeof(struct fuse_statfs_out)", (long) StatfsReply.SIZE);
    expected.put("FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + 5)", (long) DirectoryEntry.size(5));
    expected.put("FALLOC_FL_KEEP_SIZE", (long) FallocateRequest.KEEP_SIZE);
    expected.put("FALLOC_FL_PUNCH_HOLE", (long) FallocateRequest.PUNCH_HOLE);
    expected.put("FALLOC_FL_ZERO_RANGE", (long) FallocateRequest.ZERO_RANGE);
    expected.put("FATTR_MODE", (long) SetattrRequest.MODE_VALID);
    expected.put("FATTR_UID", (long) SetattrRequest.UID_VALID);
    expected.put("FATTR_GID", (long) SetattrRequest.GID_VALID);
    expected.put("FATTR_SIZE", (long) SetattrRequest.LENGTH_VALID);
    expected.put("FATTR_MTIME", (long) SetattrRequest.MTIME_VALID);
    expected.put("FATTR_MTIME_NOW", (long) SetattrRequest.MTIME_NOW);
    expected.put("FOPEN_DIRECT_IO", (long) OpenReply.DIRECT_IO);
    expected.put("FOPEN_KEEP_CACHE", (long) OpenReply.KEEP_CACHE);
    expected.put("FOPEN_CACHE_DIR", (long) OpenReply.CACHE_DIR);
    expected.put("FOPEN_PARALLEL_DIRECT_WRITES", (long) OpenReply.PARALLEL_DIRECT_WRITES);
  }

  /** Opcodes, and what INIT agrees on: each is called as in the header, but for FUSE_ before it. */
  private void flags() throws ReflectiveOperationException {
    for (Field field : Opcode.class.getDeclaredFields()) {
      expected.put("FUSE_" + field.getName(), constant(Opcode.class, field.getName()));
    }
    for (Field field : InitLayout.class.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == long.class) {
        expected.put("FUSE_" + field.getName(), constant(InitLayout.class, field.getName()));
      }
    }
  }

  /** A program that prints what the header says of all that is expected. */
  private Path compiled() throws IOException {
    StringBuilder program =
        new StringBuilder(
            """
            #include <stddef.h>
            #include <stdio.h>
            #include <linux/fuse.h>
            #include <linux/falloc.h>
            int main(void) {
            """);
    for (String expression : expected.keySet()) {
      program
          .append("#if FUSE_KERNEL_MINOR_VERSION >= " + SINCE.getOrDefault(expression, 0) + "\n")
          .append("printf(\"%s=%lld\\n\", \"" + expression + "\", (long long) ")
          .append(expression + ");\n#endif\n");
    }
    Path source = directory.resolve("layout.c");
    Files.writeString(source, program.append("return 0; }\n"));
    Path binary = directory.resolve("layout");
    LoopDevice.run("gcc", "-o", binary.toString(), source.toString());
    return binary;
  }
}
