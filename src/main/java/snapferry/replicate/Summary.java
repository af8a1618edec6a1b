package snapferry.replicate;

import org.jspecify.annotations.Nullable;
import snapferry.delta.RootHash;
import snapferry.wire.Patrolled;

/**
 * What a run did, in bytes. Sent and received are counted on the wire by this end; read is the
 * source's reading, written what went into the image (not into the journal).
 *
 * @param volume the volume's label
 * @param epoch the epoch that the standby holds now
 * @param root its root hash
 * @param changeSource what narrowed the reading
 * @param bytesTotal size of the volume
 * @param bytesRead bytes read from the source
 * @param basisRead bytes read from the image
 * @param bytesSent bytes that this end wrote to the line
 * @param bytesReceived bytes that this end read from the line
 * @param bytesWritten bytes written to the image, holes not counted
 * @param journalBytes bytes of the journal on the standby
 * @param blocksChanged blocks that differ from the basis
 * @param zeroBytes bytes of them that became zero
 * @param literalBytes bytes of them that were sent as they are, before compression
 * @param copiedBytes bytes of them that were found elsewhere in the basis
 * @param firstDifference offset of the first block that differs; -1 when none does
 * @param patrolled what the patrols of both ends did; null when there was none
 * @param nanos how long the run took
 * @param heat where blocks differ from the basis; null if that was not looked at
 */
public record Summary(
    String volume,
    long epoch,
    RootHash root,
    String changeSource,
    long bytesTotal,
    long bytesRead,
    long basisRead,
    long bytesSent,
    long bytesReceived,
    long bytesWritten,
    long journalBytes,
    long blocksChanged,
    long zeroBytes,
    long literalBytes,
    long copiedBytes,
    long firstDifference,
    @Nullable Patrolled patrolled,
    long nanos,
    @Nullable Heat heat) {}
