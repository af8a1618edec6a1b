package snapferry.fuse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.VolumeName;

/** The mount's only directory, with all files in it. Nothing is ever made or removed in it. */
final class ServedDirectory {
  /** So that what is kept of a mount for the next server fits into one message. */
  static final int MAX_FILES = 256;

  private static final int READ_BITS = 0444;
  private static final int BLOCK = 4096;
  private static final int MAX_NAME = 255;
  private static final Pattern IDENTITY =
      Pattern.compile("[!-~]{1," + ServedFile.MAX_IDENTITY + "}");

  private final List<ServedNode> nodes = new ArrayList<>();
  private final List<byte[]> names = new ArrayList<>();
  private final MountSettings settings;

  /**
   * Puts files into it.
   *
   * @throws Failure {@link ExitCode#USAGE} if they cannot be in one directory
   */
  ServedDirectory(List<? extends ServedFile> files, MountSettings settings) throws Failure {
    this.settings = settings;
    if (files.isEmpty() || files.size() > MAX_FILES) {
      throw refusal("shows 1 to " + MAX_FILES + " files, not " + files.size());
    }
    names.add(".".getBytes(StandardCharsets.US_ASCII));
    names.add("..".getBytes(StandardCharsets.US_ASCII));
    Set<String> taken = new HashSet<>();
    for (ServedFile file : files) {
      if (!VolumeName.isValid(file.name())) {
        throw refusal("cannot show a file called " + file.name());
      }
      if (!taken.add(file.name())) {
        throw refusal("cannot show two files called " + file.name());
      }
      if (!IDENTITY.matcher(file.identity()).matches()) {
        throw refusal("cannot tell what is behind " + file.name() + ": " + file.identity());
      }
      nodes.add(new ServedNode(file, nodes.size(), settings));
      names.add(file.name().getBytes(StandardCharsets.US_ASCII));
    }
  }

  private Failure refusal(String what) {
    return new Failure(ExitCode.USAGE, "the mount at " + settings.mountpoint() + " " + what);
  }

  /** The file with this number; null if there is none. */
  @Nullable ServedNode file(long number) {
    long index = number - ServedNode.FIRST_FILE;
    return index >= 0 && index < nodes.size() ? nodes.get((int) index) : null;
  }

  /** The file of this name; null if there is none. */
  @Nullable ServedNode file(String name) {
    for (ServedNode node : nodes) {
      if (node.file().name().equals(name)) {
        return node;
      }
    }
    return null;
  }

  List<ServedNode> files() {
    return nodes;
  }

  /** Writes the directory's own attributes at {@code at} of the answer's body. */
  void describe(Reply reply, int at) {
    int mode = settings.mode() & READ_BITS;
    reply.put(at + Attributes.INODE, (long) ServedNode.ROOT);
    // Who may read files may enter: each x goes with its r.
    reply.put(at + Attributes.MODE, Attributes.DIRECTORY | mode | mode >> 2);
    reply.put(at + Attributes.LINKS, 2);
    reply.put(at + Attributes.UID, settings.uid());
    reply.put(at + Attributes.GID, settings.gid());
    reply.put(at + Attributes.BLOCK_SIZE, BLOCK);
  }

  /**
   * Writes entries from number {@code from} on, as many as fit into {@code room} bytes; the offset
   * of an entry is the number of the next.
   */
  void list(long from, int room, Reply reply) {
    int first = (int) Math.max(0, Math.min(from, names.size()));
    int end = first;
    int size = 0;
    while (end < names.size() && size + entrySize(end) <= room) {
      size += entrySize(end++);
    }
    reply.body(size);
    int at = 0;
    for (int i = first; i < end; i++) {
      boolean self = i < ServedNode.FIRST_FILE;
      reply.put(at + DirectoryEntry.INODE, self ? ServedNode.ROOT : (long) i);
      reply.put(at + DirectoryEntry.OFFSET, i + 1L);
      reply.put(at + DirectoryEntry.NAME_LENGTH, names.get(i).length);
      reply.put(at + DirectoryEntry.TYPE, self ? DirectoryEntry.DIRECTORY : DirectoryEntry.REGULAR);
      reply.put(at + DirectoryEntry.NAME, names.get(i));
      at += entrySize(i);
    }
  }

  private int entrySize(int entry) {
    return DirectoryEntry.size(names.get(entry).length);
  }

  /** Writes how large all files are together. */
  void statistics(Reply reply) {
    long blocks = 0;
    for (ServedNode node : nodes) {
      blocks += (node.file().size() + BLOCK - 1) / BLOCK;
    }
    reply.body(StatfsReply.SIZE);
    reply.put(StatfsReply.BLOCKS, blocks);
    reply.put(StatfsReply.FILES, (long) nodes.size());
    reply.put(StatfsReply.BLOCK_SIZE, BLOCK);
    reply.put(StatfsReply.NAME_LENGTH, MAX_NAME);
    reply.put(StatfsReply.FRAGMENT_SIZE, BLOCK);
  }
}
