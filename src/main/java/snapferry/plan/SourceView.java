package snapferry.plan;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.delta.SignatureShape;
import snapferry.journal.Manifest;

/**
 * What the source knows when it plans.
 *
 * @param name what the source is called in messages
 * @param label what the volume is called on the standby
 * @param changeSource what narrows the reading
 * @param size bytes of the volume now
 * @param volume its UUID
 * @param key its hash key
 * @param fresh whether this identity was made just now, so that no standby can have it yet
 * @param time when the snapshot was taken, milliseconds since 1970
 * @param acknowledged what this standby last acknowledged; null when nothing is on record
 * @param signaturePresent whether the signature of that epoch is here
 */
public record SourceView(
    String name,
    String label,
    String changeSource,
    long size,
    UUID volume,
    SignatureShape.Key key,
    boolean fresh,
    long time,
    @Nullable Manifest acknowledged,
    boolean signaturePresent) {}
