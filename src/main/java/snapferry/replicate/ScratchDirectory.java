package snapferry.replicate;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.device.LocalStateDirectory;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;

/**
 * A state directory that remembers nothing: its files lose their names as soon as they are open, so
 * that not even a killed run leaves bytes behind.
 */
final class ScratchDirectory implements StateDirectory {
  private final TemporaryTree tree;
  private final StateDirectory directory;

  /** Owns {@code tree} from now on, also if this throws. */
  ScratchDirectory(TemporaryTree tree) throws IOException {
    this.tree = tree;
    try {
      this.directory = LocalStateDirectory.open(tree.directory());
    } catch (IOException e) {
      tree.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return directory.name();
  }

  @Override
  public boolean exists(String file) throws IOException {
    return directory.exists(file);
  }

  @Override
  public List<String> files() throws IOException {
    return directory.files();
  }

  @Override
  public Storage open(String file) throws IOException {
    return nameless(file, directory.open(file));
  }

  private Storage nameless(String file, Storage storage) throws IOException {
    try {
      Files.delete(tree.directory().resolve(file));
      return storage;
    } catch (IOException e) {
      storage.close();
      throw e;
    }
  }

  @Override
  public byte @Nullable [] load(String file, int limit) throws IOException {
    return directory.load(file, limit);
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    directory.replace(file, content);
  }

  @Override
  public void delete(String file) throws IOException {
    directory.delete(file);
  }

  @Override
  public void sync() throws IOException {
    directory.sync();
  }

  @Override
  public long usableSpace() throws IOException {
    return directory.usableSpace();
  }

  @Override
  public void close() throws IOException {
    try (tree) {
      directory.close();
    }
  }
}
