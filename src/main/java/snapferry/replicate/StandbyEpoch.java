package snapferry.replicate;

import java.util.UUID;
import snapferry.delta.RootHash;

/**
 * What a standby holds, or is about to.
 *
 * @param standby which standby
 * @param epoch which epoch of the volume
 * @param root what the volume held then
 */
public record StandbyEpoch(UUID standby, long epoch, RootHash root) {}
