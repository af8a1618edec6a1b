package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;

/** A file of a state directory at rest, to be damaged. */
@NullMarked
record StateFile(HostileDisk disk, String directory, String name) {
  static StateFile of(HostileDisk disk, String directory, String name) {
    return new StateFile(disk, directory, name);
  }

  byte[] load() throws IOException {
    try (StateDirectory open = disk.directory(directory)) {
      return Objects.requireNonNull(open.load(name, Integer.MAX_VALUE), name);
    }
  }

  boolean exists() throws IOException {
    try (StateDirectory open = disk.directory(directory)) {
      return open.exists(name);
    }
  }

  void replace(byte[] content) throws IOException {
    try (StateDirectory open = disk.directory(directory)) {
      open.replace(name, content);
    }
  }

  /** Changes one byte. */
  void flip(int at, int bits) throws IOException {
    try (StateDirectory open = disk.directory(directory);
        Storage file = open.open(name)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(at, one);
      file.write(at, one.put(0, (byte) (one.get(0) ^ bits)).flip());
      file.sync();
    }
  }

  void delete() throws IOException {
    try (StateDirectory open = disk.directory(directory)) {
      open.delete(name);
    }
  }
}
