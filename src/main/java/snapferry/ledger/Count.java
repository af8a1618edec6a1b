package snapferry.ledger;

import org.jspecify.annotations.Nullable;
import snapferry.replicate.Summary;
import snapferry.wire.Patrolled;

/**
 * The numbers of a run, under the names that they have in its {@code summary}; the last two are
 * what was seen of the standby when it was over.
 */
public enum Count {
  EPOCH("epoch"),
  BYTES_TOTAL("bytesTotal"),
  BYTES_READ("bytesRead"),
  BYTES_SENT("bytesSent"),
  BYTES_RECEIVED("bytesReceived"),
  BYTES_WRITTEN("bytesWritten"),
  BLOCKS_CHANGED("blocksChanged"),
  ZERO_BYTES("zeroBytes"),
  LITERAL_BYTES("literalBytes"),
  COPIED_BYTES("copiedBytes"),
  BASIS_READ("basisRead"),
  JOURNAL_BYTES("journalBytes"),
  PATROLLED("patrolled"),
  PATROL_FOUND("patrolFound"),
  PATROL_COVERAGE("patrolCoverage"),
  PATROL_AGE("patrolAgeSeconds"),
  VERIFY_AGE("verifyAgeSeconds"),
  SNAPSHOT_FILL("snapshotFillPercent");

  private final String field;

  Count(String field) {
    this.field = field;
  }

  /** Its name in JSON. */
  public String field() {
    return field;
  }

  /** Null when the summary has no such number: nobody patrolled. */
  @Nullable Long of(Summary summary) {
    Patrolled patrolled = summary.patrolled();
    return switch (this) {
      case EPOCH -> summary.epoch();
      case BYTES_TOTAL -> summary.bytesTotal();
      case BYTES_READ -> summary.bytesRead();
      case BYTES_SENT -> summary.bytesSent();
      case BYTES_RECEIVED -> summary.bytesReceived();
      case BYTES_WRITTEN -> summary.bytesWritten();
      case BLOCKS_CHANGED -> summary.blocksChanged();
      case ZERO_BYTES -> summary.zeroBytes();
      case LITERAL_BYTES -> summary.literalBytes();
      case COPIED_BYTES -> summary.copiedBytes();
      case BASIS_READ -> summary.basisRead();
      case JOURNAL_BYTES -> summary.journalBytes();
      case PATROLLED -> patrolled == null ? null : Long.valueOf(patrolled.bytes());
      case PATROL_FOUND -> patrolled == null ? null : Long.valueOf(patrolled.found());
      case PATROL_COVERAGE -> patrolled == null ? null : Long.valueOf(patrolled.coverage());
      case PATROL_AGE -> patrolled == null ? null : Long.valueOf(patrolled.ageSeconds());
      case VERIFY_AGE, SNAPSHOT_FILL -> null;
    };
  }
}
