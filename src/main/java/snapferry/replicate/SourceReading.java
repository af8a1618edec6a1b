package snapferry.replicate;

import org.jspecify.annotations.Nullable;
import snapferry.device.CacheUse;

/**
 * How a source is read.
 *
 * @param cache what becomes of the page cache; null as suits the kind of source
 * @param bytesPerSecond most bytes to read in a second; 0 for no limit
 * @param survey whether to look for everything that cannot be read, once something cannot
 */
public record SourceReading(@Nullable CacheUse cache, long bytesPerSecond, boolean survey) {
  /** As fast as it goes. */
  public static final SourceReading DEFAULT = new SourceReading(null, 0, false);
}
