package snapferry.device;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** A state directory on a {@link HostileDisk}: versioned names of versioned files. */
final class HostileDirectory implements StateDirectory {
  private final HostileDisk disk;
  private final String name;
  private final Map<String, Versioned<Optional<HostileFile>>> entries = new TreeMap<>();
  private boolean locked;

  HostileDirectory(HostileDisk disk, String name) {
    this.disk = disk;
    this.name = name;
  }

  HostileDirectory lock() throws Failure {
    if (locked) {
      throw new Failure(ExitCode.LOCKED, name + " is in use by another run");
    }
    locked = true;
    return this;
  }

  HostileDirectory surviving(HostileDisk rebooted, Versioned.Survival survival) {
    HostileDirectory left = new HostileDirectory(rebooted, name);
    entries.forEach(
        (file, entry) ->
            left.entries.put(
                file,
                new Versioned<>(
                    entry.surviving(survival).map(content -> content.surviving(survival)))));
    return left;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean exists(String file) throws IOException {
    synchronized (disk) {
      return entry(file).live().isPresent();
    }
  }

  @Override
  public List<String> files() throws IOException {
    synchronized (disk) {
      requireLock();
      return entries.entrySet().stream()
          .filter(entry -> entry.getValue().live().isPresent())
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  @Override
  public Storage open(String file) throws IOException {
    synchronized (disk) {
      Versioned<Optional<HostileFile>> entry = entry(file);
      if (entry.live().isEmpty()) {
        disk.operate(
            HostileOperation.write(
                true,
                () -> entry.set(Optional.of(new HostileFile(new byte[0]))),
                HostileOperation.Effect.NONE));
      }
      return new HostileStorage(disk, name + "/" + file, entry.live().orElseThrow(), true);
    }
  }

  @Override
  public byte @Nullable [] load(String file, int limit) throws IOException {
    synchronized (disk) {
      Optional<HostileFile> found = entry(file).live();
      if (found.isEmpty()) {
        return null;
      }
      byte[] content = found.get().content();
      if (content.length > limit) {
        throw new IOException(name + "/" + file + ": longer than " + limit + " bytes");
      }
      if (disk.readable(content.length) < content.length) {
        throw HostileDisk.shortRead(name + "/" + file, 0);
      }
      return content;
    }
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    Optional<HostileFile> replacement = Optional.of(new HostileFile(content.clone()));
    rename(file, replacement, true);
  }

  @Override
  public void delete(String file) throws IOException {
    synchronized (disk) {
      if (entry(file).live().isPresent()) {
        rename(file, Optional.empty(), false);
      }
    }
  }

  private void rename(String file, Optional<HostileFile> target, boolean takesSpace)
      throws IOException {
    synchronized (disk) {
      Versioned<Optional<HostileFile>> entry = entry(file);
      disk.operate(
          HostileOperation.rename(
              takesSpace,
              () -> {
                entry.set(target);
                entry.sync();
              },
              random -> {
                if (random.nextBoolean()) {
                  entry.set(target);
                  entry.failSync(random);
                }
              }));
    }
  }

  @Override
  public void sync() throws IOException {
    synchronized (disk) {
      requireLock();
      disk.operate(
          HostileOperation.sync(
              () -> entries.values().forEach(Versioned::sync),
              random -> entries.values().forEach(entry -> entry.failSync(random))));
    }
  }

  @Override
  public long usableSpace() throws IOException {
    return disk.usableSpace();
  }

  private Versioned<Optional<HostileFile>> entry(String file) throws IOException {
    requireLock();
    return entries.computeIfAbsent(file, missing -> new Versioned<>(Optional.empty()));
  }

  private void requireLock() throws IOException {
    disk.requirePower();
    if (!locked) {
      throw new IOException(name + ": is closed");
    }
  }

  /** Never fails: a process that has lost power closes nothing. */
  @Override
  public void close() {
    synchronized (disk) {
      locked = false;
    }
  }
}
