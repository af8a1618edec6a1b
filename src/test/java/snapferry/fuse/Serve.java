package snapferry.fuse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;

/**
 * Serves files in a process of its own: {@code MOUNTPOINT RUNTIME-DIRECTORY DIRECT|WRITEBACK
 * THREADS OPTION... FILE...}, where an option is {@code --read-only} or {@code --allow-other}. Says
 * {@code mounted} or {@code took over}, warnings and notes, and ends when it is unmounted.
 */
@NullMarked
final class Serve {
  private Serve() {}

  public static void main(String[] arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(arguments));
    boolean readOnly = words.remove("--read-only");
    boolean allowOther = words.remove("--allow-other");
    MountSettings settings =
        new MountSettings(
            Path.of(words.get(0)),
            allowOther,
            readOnly,
            Identity.user(),
            Identity.group(),
            0600,
            KernelCache.valueOf(words.get(2)),
            Integer.parseInt(words.get(3)),
            Path.of(words.get(1)));
    List<ServedFile> files = new ArrayList<>();
    for (String file : words.subList(4, words.size())) {
      files.add(new BackingFile("vol" + files.size(), Path.of(file), !readOnly));
    }
    try {
      serve(settings, files);
    } catch (Failure e) {
      System.out.println("failed: " + e.exit() + " " + e.getMessage());
      System.exit(e.exit().code());
    }
  }

  private static void serve(MountSettings settings, List<ServedFile> files) throws IOException {
    FuseServer server = FuseServer.open(settings, files, new Printing());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> unmount(server)));
    System.out.println(server.tookOver() ? "took over" : "mounted");
    server.run();
    System.out.println("unmounted");
  }

  private static void unmount(FuseServer server) {
    try {
      server.close();
    } catch (IOException e) {
      System.out.println("not unmounted: " + e.getMessage());
    }
  }

  private static final class Printing implements Monitor {
    @Override
    public void phase(Phase phase) {}

    @Override
    public void progress(long done, long total) {}

    @Override
    public void note(String text) {
      System.out.println("note: " + text);
    }

    @Override
    public void warn(String text) {
      System.out.println("warning: " + text);
    }
  }
}
