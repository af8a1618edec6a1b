package snapferry.track;

import snapferry.replicate.StandbyEpoch;

/**
 * What a standby holds or may hold, and from when on writes are missing there.
 *
 * @param epoch the standby and its epoch
 * @param generation began when the snapshot of that epoch was taken: whatever was written in it or
 *     later, and nothing else, may differ from the epoch
 */
record Base(StandbyEpoch epoch, long generation) {}
