package snapferry.replicate;

import org.jspecify.annotations.Nullable;
import snapferry.device.CacheUse;

/**
 * How a source is read, for the sake of others on its host.
 *
 * @param cache what becomes of the page cache; null as suits the kind of source
 * @param bytesPerSecond most bytes to read in a second; 0 for no limit
 */
public record SourceReading(@Nullable CacheUse cache, long bytesPerSecond) {
  /** As fast as it goes. */
  public static final SourceReading DEFAULT = new SourceReading(null, 0);
}
