package snapferry.journal;

import java.util.Locale;
import java.util.Optional;

/** What an image is good for. */
public enum ImageState {
  /** A first copy is on its way: the image is no epoch yet and cannot be promoted. */
  SEEDING,
  /** The image is byte for byte one epoch of its volume. */
  STANDING,
  /** The image was taken into use: it is a volume of its own, and no standby any more. */
  PROMOTED;

  /** The word in the manifest: {@code seeding}, {@code standing}, {@code promoted}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state with this label. */
  static Optional<ImageState> labelled(String text) {
    for (ImageState state : values()) {
      if (state.label().equals(text)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
