package snapferry.journal;

import java.util.Locale;

/** What an image is good for. */
public enum ImageState {
  /** A first copy is on its way: the image is no epoch yet and cannot be promoted. */
  SEEDING,
  /** The image is byte for byte one epoch of its volume. */
  STANDING;

  /** The word in the manifest: {@code seeding}, {@code standing}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
