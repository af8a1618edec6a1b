package snapferry.config;

import java.util.Arrays;
import java.util.Optional;

/**
 * The keys of a configuration. One that is an option of {@code push} is called like it and means
 * the same; so does {@code track-X} for the option {@code --X} of {@code track}.
 */
public enum Key {
  SOURCE("source", Kind.TEXT, Scope.VOLUME),
  TARGET("target", Kind.TEXT, Scope.STANDBY),
  EVERY("every", Kind.TEXT, Scope.SCHEDULE),
  SHARE_SNAPSHOT("share-snapshot", Kind.FLAG, Scope.SCHEDULE),

  DRY_RUN("dry-run", Kind.FLAG, Scope.RUN),
  STATS("stats", Kind.FLAG, Scope.RUN),
  INIT("init", Kind.FLAG, Scope.RUN),
  GROW("grow", Kind.FLAG, Scope.RUN),
  FULL("full", Kind.FLAG, Scope.RUN),
  REJOIN("rejoin", Kind.FLAG, Scope.RUN),
  PATROL("patrol", Kind.TEXT, Scope.RUN),
  BLOCK_SIZE("block-size", Kind.NUMBER, Scope.RUN),
  HASH("hash", Kind.TEXT, Scope.RUN),
  SNAPSHOT("snapshot", Kind.TEXT, Scope.RUN),
  SNAPSHOT_SIZE("snapshot-size", Kind.NUMBER, Scope.RUN),
  PRE("pre", Kind.TEXT, Scope.RUN),
  POST("post", Kind.TEXT, Scope.RUN),
  HOOK_TIMEOUT("hook-timeout", Kind.NUMBER, Scope.RUN),
  CHANGES("changes", Kind.TEXT, Scope.RUN),
  KEEP_BASE("keep-base", Kind.NUMBER, Scope.RUN),
  STANDBY_SNAPSHOT("standby-snapshot", Kind.TEXT, Scope.RUN),
  KEEP("keep", Kind.NUMBER, Scope.RUN),
  RSH("rsh", Kind.TEXT, Scope.RUN),
  REMOTE_COMMAND("remote-command", Kind.TEXT, Scope.RUN),
  REMOTE_STATE_DIR("remote-state-dir", Kind.TEXT, Scope.RUN),
  TIMEOUT("timeout", Kind.NUMBER, Scope.RUN),
  BWLIMIT("bwlimit", Kind.NUMBER, Scope.RUN),
  COMPRESS("compress", Kind.TEXT, Scope.RUN),
  MATCH("match", Kind.TEXT, Scope.RUN),
  MATCH_MEMORY("match-memory", Kind.NUMBER, Scope.RUN),
  READ_LIMIT("read-limit", Kind.NUMBER, Scope.RUN),
  CACHE("cache", Kind.TEXT, Scope.RUN),
  CONTINUE_ON_ERROR("continue-on-error", Kind.FLAG, Scope.RUN),
  NICE("nice", Kind.NUMBER, Scope.RUN),
  IONICE("ionice", Kind.TEXT, Scope.RUN),

  TRACK("track", Kind.FLAG, Scope.VOLUME),
  TRACK_REGION("track-region", Kind.NUMBER, Scope.VOLUME),
  TRACK_READ_ONLY("track-read-only", Kind.FLAG, Scope.VOLUME),
  TRACK_MOUNTPOINT("track-mountpoint", Kind.TEXT, Scope.PROCESS),
  TRACK_ALLOW_OTHER("track-allow-other", Kind.FLAG, Scope.PROCESS),
  TRACK_OWNER("track-owner", Kind.TEXT, Scope.PROCESS),
  TRACK_MODE("track-mode", Kind.TEXT, Scope.PROCESS),
  TRACK_CACHE("track-cache", Kind.TEXT, Scope.PROCESS),
  TRACK_THREADS("track-threads", Kind.COUNT, Scope.PROCESS),

  STATE_DIR("state-dir", Kind.TEXT, Scope.PROCESS),
  VERBOSE("verbose", Kind.FLAG, Scope.PROCESS),
  QUIET("quiet", Kind.FLAG, Scope.PROCESS),
  PROGRESS("progress", Kind.FLAG, Scope.PROCESS),
  JSON("json", Kind.FLAG, Scope.PROCESS),
  JOBS("jobs", Kind.COUNT, Scope.PROCESS),
  METRICS_FILE("metrics-file", Kind.TEXT, Scope.PROCESS),
  RUN_LOG("run-log", Kind.TEXT, Scope.PROCESS),
  RUN_LOG_SIZE("run-log-size", Kind.NUMBER, Scope.PROCESS),
  RUN_LOG_KEEP("run-log-keep", Kind.COUNT, Scope.PROCESS);

  /** What may stand behind a key. */
  public enum Kind {
    /** {@code true} or {@code false}. */
    FLAG("true or false"),
    /** A string. */
    TEXT("a string"),
    /** An integer, or a string where a suffix says the unit. */
    NUMBER("an integer or a string"),
    /** An integer. */
    COUNT("an integer");

    private final String wanted;

    Kind(String wanted) {
      this.wanted = wanted;
    }

    /** In words. */
    String wanted() {
      return wanted;
    }

    /** Whether a value of TOML is of this kind. */
    boolean accepts(Object value) {
      return switch (this) {
        case FLAG -> value instanceof Boolean;
        case TEXT -> value instanceof String;
        case NUMBER -> value instanceof String || value instanceof Long;
        case COUNT -> value instanceof Long;
      };
    }
  }

  /** Where a key may stand, and whom it concerns. */
  public enum Scope {
    /** All of the process: at the top of the main file. */
    PROCESS("at the top of the main file"),
    /** A volume: in its table. */
    VOLUME("in [volume.NAME]"),
    /** A standby of a volume: in its table. */
    STANDBY("in [volume.NAME.standby.NAME]"),
    /**
     * When runs take place, and what they share: at the top, of a volume, or of a standby; the
     * innermost holds.
     */
    SCHEDULE("anywhere"),
    /** How a run replicates: likewise. */
    RUN("anywhere");

    private final String place;

    Scope(String place) {
      this.place = place;
    }

    /** In words. */
    String place() {
      return place;
    }

    /** Whether a key of this scope holds for what is within its table too. */
    boolean isInherited() {
      return this == SCHEDULE || this == RUN;
    }
  }

  private final String label;
  private final Kind kind;
  private final Scope scope;

  Key(String label, Kind kind, Scope scope) {
    this.label = label;
    this.kind = kind;
    this.scope = scope;
  }

  /** The key called {@code label}. */
  static Optional<Key> labelled(String label) {
    return Arrays.stream(values()).filter(key -> key.label.equals(label)).findFirst();
  }

  /** As it is written; an option of {@code push} has two hyphens before it. */
  public String label() {
    return label;
  }

  public Kind kind() {
    return kind;
  }

  public Scope scope() {
    return scope;
  }
}
