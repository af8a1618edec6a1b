package snapferry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.extent.BlockSize;

/**
 * A state directory in memory that keeps apart what was written and what is durable, remembers the
 * order of its writes and syncs, and can lose power at any of them.
 */
final class MemoryDirectory implements StateDirectory {
  /**
   * What happened, in order: {@code delete}, {@code write OFFSET}, {@code sync file}, {@code sync
   * directory}.
   */
  final List<String> events = new ArrayList<>();

  /** Bytes of all files together. */
  long capacity = Long.MAX_VALUE;

  /** The event during which the power goes: a write is in flight then, a sync has no effect yet. */
  int crashAt = Integer.MAX_VALUE;

  private final Map<String, MemoryFile> files = new TreeMap<>();

  /** A directory that holds a journal of these bytes. */
  static MemoryDirectory withJournal(byte[] bytes) {
    MemoryDirectory directory = new MemoryDirectory();
    MemoryFile file = directory.new MemoryFile();
    file.live = bytes.clone();
    directory.files.put(StateFiles.JOURNAL, file);
    return directory;
  }

  byte[] journal() {
    return Objects.requireNonNull(files.get(StateFiles.JOURNAL)).live.clone();
  }

  /**
   * What is left after the power went, asking {@code survives} about everything that was not
   * synced.
   */
  MemoryDirectory afterCrash(BooleanSupplier survives) {
    MemoryDirectory after = new MemoryDirectory();
    files.forEach(
        (name, file) -> {
          if (file.named || survives.getAsBoolean()) {
            MemoryFile left = after.new MemoryFile();
            left.live = file.survivors(survives);
            after.files.put(name, left);
          }
        });
    return after;
  }

  private void event(String event) throws IOException {
    events.add(event);
    if (events.size() - 1 >= crashAt) {
      throw new IOException("power lost at " + event);
    }
  }

  @Override
  public String name() {
    return "vol0.snapferry";
  }

  @Override
  public boolean exists(String file) {
    return files.containsKey(file);
  }

  @Override
  public List<String> files() {
    return List.copyOf(files.keySet());
  }

  @Override
  public Storage open(String file) {
    return files.computeIfAbsent(file, name -> new MemoryFile());
  }

  @Override
  public byte @Nullable [] load(String file, int limit) {
    MemoryFile found = files.get(file);
    return found == null ? null : found.live.clone();
  }

  @Override
  public void replace(String file, byte[] content) {
    MemoryFile replaced = new MemoryFile();
    replaced.live = content.clone();
    files.put(file, replaced);
  }

  @Override
  public void delete(String file) throws IOException {
    event("delete");
    files.remove(file);
  }

  @Override
  public void sync() throws IOException {
    event("sync directory");
    files.values().forEach(file -> file.named = true);
  }

  @Override
  public long usableSpace() {
    return capacity - files.values().stream().mapToLong(file -> file.live.length).sum();
  }

  @Override
  public void close() {}

  /** A file; its name in the directory is durable only after a sync of that. */
  private final class MemoryFile implements Storage {
    private byte[] live = {};
    private byte[] durable = {};
    private boolean named;

    private byte[] survivors(BooleanSupplier survives) {
      byte[] left = Arrays.copyOf(durable, live.length);
      for (int sector = 0; sector < live.length; sector += BlockSize.SECTOR) {
        int length = Math.min(BlockSize.SECTOR, live.length - sector);
        if (survives.getAsBoolean()) {
          System.arraycopy(live, sector, left, sector, length);
        }
      }
      return survives.getAsBoolean() ? left : Arrays.copyOf(left, durable.length);
    }

    @Override
    public long size() {
      return live.length;
    }

    @Override
    public void read(long offset, ByteBuffer destination) throws IOException {
      if (offset + destination.remaining() > live.length) {
        throw new IOException("read beyond the end");
      }
      destination.put(live, (int) offset, destination.remaining());
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
      int end = (int) offset + source.remaining();
      live = Arrays.copyOf(live, Math.max(live.length, end));
      source.get(live, (int) offset, source.remaining());
      event("write " + offset);
    }

    @Override
    public void resize(long size) {
      live = Arrays.copyOf(live, (int) size);
    }

    @Override
    public void sync() throws IOException {
      event("sync file");
      durable = live.clone();
    }

    @Override
    public void close() {}
  }
}
