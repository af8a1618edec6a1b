package snapferry.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Printable;
import snapferry.config.Period;
import snapferry.delta.MatchLimits;
import snapferry.device.CacheUse;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.lvm.SnapshotSettings;
import snapferry.replicate.SourceReading;
import snapferry.wire.VolumeName;

/**
 * The arguments of {@code serve}, parsed by hand.
 *
 * @param volume the one that is served, whatever name is asked for; null when names are
 * @param allowed what is served by name
 * @param stateDirectory null for the default
 * @param timeoutSeconds after how much silence to give up
 * @param bytesPerSecond most bytes to send in a second; 0 for no limit
 * @param compress whether to try LZ4
 * @param matching how hard to look for data that moved
 * @param load how much of this host to take
 * @param maxSize most bytes of a standby that a client may fill
 * @param maxTime how long a session may take; null for as long as it takes
 * @param snapshot how to take a snapshot of a source
 * @param keeping what to keep of a standby's past
 * @param promotedFrom if it is not null, the standby must be the source of that volume
 */
record ServeArguments(
    @Nullable Path volume,
    Map<String, Allowed> allowed,
    @Nullable Path stateDirectory,
    int timeoutSeconds,
    long bytesPerSecond,
    boolean compress,
    MatchLimits matching,
    Load load,
    long maxSize,
    @Nullable Duration maxTime,
    SnapshotSettings snapshot,
    Keeping keeping,
    @Nullable UUID promotedFrom) {
  /** The command that these are the arguments of. */
  static final String COMMAND = "serve";

  static final String VOLUME = "--volume";
  static final String ALLOW = "--allow";
  static final String STATE_DIR = "--state-dir";
  static final String TIMEOUT = "--timeout";
  static final String BWLIMIT = "--bwlimit";
  static final String COMPRESS = "--compress";
  static final String MATCH = "--match";
  static final String MATCH_MEMORY = "--match-memory";
  static final String MAX_SIZE = "--max-size";
  static final String MAX_TIME = "--max-time";
  static final String SNAPSHOT = "--snapshot";
  static final String SNAPSHOT_SIZE = "--snapshot-size";
  static final String PRE = "--pre";
  static final String POST = "--post";
  static final String HOOK_TIMEOUT = "--hook-timeout";
  static final String CHANGES = "--changes";
  static final String KEEP_BASE = "--keep-base";
  static final String STANDBY_SNAPSHOT = "--standby-snapshot";
  static final String KEEP = "--keep";
  static final String REVERSES = "--reverses";

  static final String READ_LIMIT = "--read-limit";
  static final String CACHE = "--cache";
  static final String NICE = "--nice";
  static final String IONICE = "--ionice";

  static final int DEFAULT_TIMEOUT = 60;

  static final String SYNOPSIS =
      "snapferry serve (--volume PATH | --allow NAME=PATH[,ro]...) [--state-dir DIR]"
          + " [--timeout SECONDS] [--bwlimit RATE] [--compress lz4|none]"
          + " [--match off|sector|byte|auto] [--match-memory SIZE] [--read-limit RATE]"
          + " [--cache keep|drop|direct] [--nice N] [--ionice CLASS[:LEVEL]] [--max-size SIZE]"
          + " [--max-time PERIOD]"
          + " [--snapshot auto|lvm|reflink|tracker|none] [--snapshot-size SIZE] [--pre COMMAND]"
          + " [--post COMMAND] [--hook-timeout SECONDS]"
          + " [--changes auto|scan|cow|thin|fuse]"
          + " [--keep-base COUNT[,DAYS]] [--standby-snapshot keep=N] [--keep N] [--reverses UUID]";

  private static final String READ_ONLY = ",ro";

  /** A volume that is served by name. */
  record Allowed(Path path, boolean readOnly) {}

  ServeArguments {
    allowed = Map.copyOf(allowed);
  }

  /**
   * Parses what follows {@code serve}; {@code --option=value} is as good as {@code --option value}.
   *
   * @throws Failure {@link ExitCode#USAGE}
   */
  static ServeArguments parse(List<String> words) throws Failure {
    Path volume = null;
    Map<String, Allowed> allowed = new HashMap<>();
    Path stateDirectory = null;
    int timeout = DEFAULT_TIMEOUT;
    long rate = 0;
    boolean compress = true;
    MatchLimits.Mode match = MatchLimits.DEFAULT.mode();
    long matchMemory = MatchLimits.DEFAULT.memory();
    CacheUse cache = null;
    long readLimit = 0;
    Integer nice = null;
    Load.IoPriority io = null;
    long maxSize = Geometry.MAX_SIZE;
    Duration maxTime = null;
    SnapshotSettings snapshot = SnapshotSettings.DEFAULT;
    int standbySnapshots = 0;
    Integer keep = null;
    UUID promotedFrom = null;
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String option = equals < 0 ? word : word.substring(0, equals);
      if (!option.startsWith("--")) {
        throw wrong("serve takes no argument '" + Printable.escape(word) + "'");
      }
      if (equals < 0 && !rest.hasNext()) {
        throw wrong(Printable.escape(option) + " needs a value");
      }
      String value = equals < 0 ? rest.next() : word.substring(equals + 1);
      switch (option) {
        case VOLUME -> volume = path(option, value);
        case ALLOW -> allow(value, allowed);
        case STATE_DIR -> stateDirectory = path(option, value);
        case TIMEOUT -> timeout = OptionValue.timeout(value);
        case BWLIMIT -> rate = OptionValue.rate(option, value);
        case COMPRESS -> compress = OptionValue.compression(value);
        case MATCH -> match = OptionValue.matching(value);
        case MATCH_MEMORY -> matchMemory = OptionValue.memory(option, value);
        case READ_LIMIT -> readLimit = OptionValue.rate(option, value);
        case CACHE -> cache = OptionValue.cache(value);
        case NICE -> nice = OptionValue.nice(value);
        case IONICE -> io = OptionValue.ioPriority(value);
        case MAX_SIZE -> maxSize = OptionValue.maxSize(value);
        case MAX_TIME -> maxTime = Period.parse(option, value);
        case SNAPSHOT -> snapshot = snapshot.withMode(OptionValue.snapshotMode(value));
        case SNAPSHOT_SIZE -> snapshot = snapshot.withCowSize(OptionValue.snapshotSize(value));
        case PRE -> snapshot = snapshot.withPre(value);
        case POST -> snapshot = snapshot.withPost(value);
        case HOOK_TIMEOUT -> snapshot = snapshot.withHookSeconds(OptionValue.hookTimeout(value));
        case CHANGES -> snapshot = snapshot.withChanges(OptionValue.changes(value));
        case STANDBY_SNAPSHOT -> standbySnapshots = OptionValue.standbySnapshots(value);
        case REVERSES -> promotedFrom = uuid(option, value);
        case KEEP -> keep = OptionValue.keep(value);
        case KEEP_BASE -> snapshot = snapshot.withKeep(OptionValue.keepBase(value));
        default -> throw wrong("serve has no option " + Printable.escape(option));
      }
    }
    if ((volume == null) == allowed.isEmpty()) {
      throw wrong("serve needs either " + VOLUME + " or " + ALLOW);
    }
    MatchLimits matching = new MatchLimits(match, matchMemory);
    Load load = new Load(new SourceReading(cache, readLimit, false), nice, io);
    return new ServeArguments(
        volume,
        allowed,
        stateDirectory,
        timeout,
        rate,
        compress,
        matching,
        load,
        maxSize,
        maxTime,
        snapshot,
        new Keeping(standbySnapshots, keep),
        promotedFrom);
  }

  private static void allow(String value, Map<String, Allowed> allowed) throws Failure {
    int equals = value.indexOf('=');
    if (equals < 0) {
      throw wrong(ALLOW + " needs NAME=PATH");
    }
    String name = value.substring(0, equals);
    String rest = value.substring(equals + 1);
    boolean readOnly = rest.endsWith(READ_ONLY);
    String path = readOnly ? rest.substring(0, rest.length() - READ_ONLY.length()) : rest;
    if (!VolumeName.isValid(name)) {
      throw wrong(
          ALLOW
              + ": a name has 1 to "
              + VolumeName.MAX_LENGTH
              + " letters, digits, '.', '_' or '-', unlike '"
              + Printable.escape(name)
              + "'");
    }
    if (allowed.put(name, new Allowed(path(ALLOW, path), readOnly)) != null) {
      throw wrong(ALLOW + " names " + name + " twice");
    }
  }

  private static Path path(String option, String value) throws Failure {
    try {
      if (!value.isEmpty()) {
        return Path.of(value);
      }
    } catch (InvalidPathException e) {
      throw wrong(option + ": " + Printable.escape(value) + " is no path here");
    }
    throw wrong(option + " needs a path");
  }

  private static UUID uuid(String option, String value) throws Failure {
    if (value.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      return UUID.fromString(value);
    }
    throw new Failure(
        ExitCode.USAGE, option + " takes a UUID, not '" + Printable.escape(value) + "'");
  }

  private static Failure wrong(String text) {
    return new Failure(ExitCode.USAGE, text + "; usage: " + SYNOPSIS);
  }
}
