package snapferry.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import snapferry.delta.HashKind;
import snapferry.delta.MatchLimits;
import snapferry.device.CacheUse;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.fuse.KernelCache;
import snapferry.fuse.MountSettings;
import snapferry.journal.UndoHeader;
import snapferry.lvm.ChangesMode;
import snapferry.lvm.KeepLimit;
import snapferry.lvm.SnapshotMode;
import snapferry.posix.Priority;
import snapferry.schedule.Timetable;
import snapferry.session.Handshake;

/** What people type behind an option. */
final class OptionValue {
  private static final Pattern RATE = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)([KMG]?)");
  private static final Pattern KEEP = Pattern.compile("([1-9]\\d{0,2})(?:,([1-9]\\d{0,3}))?");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([KMG]?)");
  private static final Pattern IO_PRIORITY =
      Pattern.compile("(idle)|(best-effort|realtime)(?::([0-7]))?");
  private static final long KIB = 1024;
  private static final long MAX_MEMORY = 64L << 30;
  private static final long MIN_LOG = 64L << 10;
  private static final long MAX_LOG = 1L << 30;

  private OptionValue() {}

  /**
   * A rate as rsync takes it: KiB a second, or with a suffix K, M or G; decimals are allowed, and
   * the result is a multiple of 1024.
   *
   * @return bytes a second; 0 for no limit
   */
  static long rate(String option, String text) throws Failure {
    Matcher matcher = RATE.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw wrong(option, text, "KiB a second, or with a suffix K, M or G, as in 500 or 1.5m");
    }
    String suffix = matcher.group(2);
    BigDecimal kib =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit(suffix, KIB) / KIB));
    boolean tiny = kib.signum() > 0 && kib.compareTo(BigDecimal.ONE) < 0;
    return tiny ? KIB : kib.setScale(0, RoundingMode.HALF_UP).longValueExact() * KIB;
  }

  /** A block size: bytes, or with a suffix K or M. */
  static BlockSize blockSize(String text) throws Failure {
    long bytes = size(text);
    if (!BlockSize.isValid(bytes)) {
      throw wrong("--block-size", text, "a power of two from 4K to 1M");
    }
    return new BlockSize((int) bytes);
  }

  /** The size of a region: bytes, or with a suffix K or M. */
  static BlockSize region(String text) throws Failure {
    long bytes = size(text);
    if (!BlockSize.isValid(bytes)) {
      throw wrong("--region", text, "a power of two from 4K to 1M");
    }
    return new BlockSize((int) bytes);
  }

  /** What the kernel keeps of a file that is shown. */
  static KernelCache kernelCache(String text) throws Failure {
    return switch (text) {
      case "direct" -> KernelCache.DIRECT;
      case "writeback" -> KernelCache.WRITEBACK;
      default -> throw wrong("--cache", text, "direct or writeback");
    };
  }

  /** Permission bits, as chmod(1) takes them. */
  static int mode(String text) throws Failure {
    if (!text.matches("[0-7]{3,4}") || Integer.parseInt(text, 8) > 0777) {
      throw wrong("--mode", text, "three octal digits, as in 660");
    }
    return Integer.parseInt(text, 8);
  }

  /** How many requests of a mount are worked on at the same time. */
  static int threads(String text) throws Failure {
    int threads = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
    if (threads < 1 || threads > MountSettings.MAX_THREADS) {
      throw wrong("--threads", text, "a number from 1 to " + MountSettings.MAX_THREADS);
    }
    return threads;
  }

  /** An amount of memory: bytes, or with a suffix K, M or G. */
  static long memory(String option, String text) throws Failure {
    long bytes = size(text);
    if (bytes < MatchLimits.MIN_MEMORY || bytes > MAX_MEMORY) {
      throw wrong(option, text, "from 1M to 64G");
    }
    return bytes;
  }

  /** Bytes, or -1 if it is no size. */
  private static long size(String text) {
    Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    return matcher.matches() ? Long.parseLong(matcher.group(1)) * unit(matcher.group(2), 1) : -1;
  }

  /** How to look for data that moved. */
  static MatchLimits.Mode matching(String text) throws Failure {
    for (MatchLimits.Mode mode : MatchLimits.Mode.values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
        return mode;
      }
    }
    throw wrong("--match", text, "off, sector, byte or auto");
  }

  /** A timeout in seconds. */
  static int timeout(String text) throws Failure {
    if (text.matches("\\d{1,6}")) {
      int seconds = Integer.parseInt(text);
      if (seconds >= Handshake.MIN_TIMEOUT && seconds <= Handshake.MAX_TIMEOUT) {
        return seconds;
      }
    }
    throw wrong(
        "--timeout",
        text,
        "seconds from " + Handshake.MIN_TIMEOUT + " to " + Handshake.MAX_TIMEOUT);
  }

  /** Whether to compress: {@code lz4} or {@code none}. */
  static boolean compression(String text) throws Failure {
    return switch (text) {
      case "lz4" -> true;
      case "none" -> false;
      default -> throw wrong("--compress", text, "lz4 or none");
    };
  }

  /** What to read of a source. */
  static SnapshotMode snapshotMode(String text) throws Failure {
    return SnapshotMode.labelled(text)
        .orElseThrow(() -> wrong("--snapshot", text, "auto, lvm, reflink, tracker or none"));
  }

  /** Bytes of room in a snapshot: MiB, or with a suffix K, M or G. */
  static long snapshotSize(String text) throws Failure {
    return mebibytes("--snapshot-size", text);
  }

  /** Most bytes of a standby: MiB, or with a suffix K, M or G. */
  static long maxSize(String text) throws Failure {
    return mebibytes(ServeArguments.MAX_SIZE, text);
  }

  private static long mebibytes(String option, String text) throws Failure {
    Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    long bytes =
        matcher.matches()
            ? Long.parseLong(matcher.group(1)) * unit(matcher.group(2), KIB * KIB)
            : 0;
    if (bytes == 0) {
      throw wrong(option, text, "MiB, or with a suffix K, M or G, as in 500 or 2G");
    }
    return bytes;
  }

  /** How long a hook may take, in seconds. */
  static int hookTimeout(String text) throws Failure {
    if (text.matches("\\d{1,4}") && Integer.parseInt(text) > 0) {
      return Integer.parseInt(text);
    }
    throw wrong("--hook-timeout", text, "seconds from 1 to 9999");
  }

  /** How much to compare before a promotion. */
  static Promotion.Proof proof(String text) throws Failure {
    return Promotion.Proof.labelled(text)
        .orElseThrow(() -> wrong("--verify", text, "sample, full or none"));
  }

  /** What a sample is drawn with. */
  static long seed(String text) throws Failure {
    if (!text.matches("\\d{1,18}")) {
      throw wrong("--seed", text, "a number");
    }
    return Long.parseLong(text);
  }

  /** How to find what changed. */
  static ChangesMode changes(String text) throws Failure {
    return ChangesMode.labelled(text)
        .orElseThrow(() -> wrong("--changes", text, "auto, scan, cow, thin or fuse"));
  }

  /** How many snapshots to keep, and for how many days. */
  static KeepLimit keepBase(String text) throws Failure {
    Matcher matcher = KEEP.matcher(text);
    if (!matcher.matches()) {
      throw wrong("--keep-base", text, "a count and perhaps days, as in 4 or 4,14");
    }
    String days = matcher.group(2);
    return new KeepLimit(
        Integer.parseInt(matcher.group(1)),
        days == null ? KeepLimit.DEFAULT.days() : Integer.parseInt(days));
  }

  /** How many snapshots of a standby to keep. */
  static int standbySnapshots(String text) throws Failure {
    if (!text.matches("keep=[1-9]\\d{0,2}")) {
      throw wrong("--standby-snapshot", text, "keep=N, with N from 1 to 999");
    }
    return Integer.parseInt(text.substring(text.indexOf('=') + 1));
  }

  /** For how many epochs to keep what it takes to go back. */
  static int keep(String text) throws Failure {
    if (!text.matches("0|[1-9]\\d{0,2}")) {
      throw wrong(ServeArguments.KEEP, text, "a number from 0 to " + UndoHeader.MAX_KEEP);
    }
    return Integer.parseInt(text);
  }

  /** Which epoch. */
  static long epoch(String option, String text) throws Failure {
    if (!text.matches("[1-9]\\d{0,17}")) {
      throw wrong(option, text, "the number of an epoch");
    }
    return Long.parseLong(text);
  }

  /** How many runs at a time. */
  static int jobs(String option, String text) throws Failure {
    if (text.matches("\\d{1,2}")) {
      int jobs = Integer.parseInt(text);
      if (jobs >= 1 && jobs <= Timetable.MAX_AT_WORK) {
        return jobs;
      }
    }
    throw wrong(option, text, "a number from 1 to " + Timetable.MAX_AT_WORK);
  }

  /** After how many bytes the run log goes on in another file. */
  static long runLogSize(String text) throws Failure {
    long bytes = size(text);
    if (bytes < MIN_LOG || bytes > MAX_LOG) {
      throw wrong("run-log-size", text, "from 64K to 1G");
    }
    return bytes;
  }

  /** How many older files of the run log to keep. */
  static int runLogKeep(String text) throws Failure {
    if (!text.matches("\\d{1,2}")) {
      throw wrong("run-log-keep", text, "a number from 0 to 99");
    }
    return Integer.parseInt(text);
  }

  /** A path that means the same wherever the program is started. */
  static Path absolutePath(String option, String text) throws Failure {
    if (text.startsWith("/") && text.indexOf('\0') < 0) {
      return Path.of(text);
    }
    throw wrong(option, text, "a path that begins with /");
  }

  /** A kind of block hash. */
  static HashKind hash(String text) throws Failure {
    for (HashKind kind : HashKind.values()) {
      if (kind.label().equals(text)) {
        return kind;
      }
    }
    throw wrong("--hash", text, "fast128 or sha256");
  }

  /** What becomes of the page cache. */
  static CacheUse cache(String text) throws Failure {
    return switch (text) {
      case "keep" -> CacheUse.KEEP;
      case "drop" -> CacheUse.DROP;
      case "direct" -> CacheUse.DIRECT;
      default -> throw wrong(ServeArguments.CACHE, text, "keep, drop or direct");
    };
  }

  /** A niceness. */
  static int nice(String text) throws Failure {
    if (text.matches("-?\\d{1,2}")) {
      int nice = Integer.parseInt(text);
      if (nice >= Priority.MIN_NICE && nice <= Priority.MAX_NICE) {
        return nice;
      }
    }
    throw wrong(
        ServeArguments.NICE,
        text,
        "a number from " + Priority.MIN_NICE + " to " + Priority.MAX_NICE);
  }

  /** An I/O class, and after a colon a level; 4 is the level of who asks for none. */
  static Load.IoPriority ioPriority(String text) throws Failure {
    Matcher matcher = IO_PRIORITY.matcher(text);
    if (!matcher.matches()) {
      throw wrong(ServeArguments.IONICE, text, "idle, best-effort[:0-7] or realtime[:0-7]");
    }
    String level = matcher.group(3);
    return matcher.group(1) != null
        ? new Load.IoPriority(Priority.IoClass.IDLE, 0)
        : new Load.IoPriority(
            matcher.group(2).equals("realtime")
                ? Priority.IoClass.REALTIME
                : Priority.IoClass.BEST_EFFORT,
            level == null ? 4 : Integer.parseInt(level));
  }

  private static long unit(String suffix, long none) {
    return switch (suffix) {
      case "K" -> KIB;
      case "M" -> KIB * KIB;
      case "G" -> KIB * KIB * KIB;
      default -> none;
    };
  }

  private static Failure wrong(String option, String text, String wanted) {
    return new Failure(ExitCode.USAGE, option + " takes " + wanted + ", not '" + text + "'");
  }
}
