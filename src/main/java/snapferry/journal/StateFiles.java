package snapferry.journal;

/** The names of the files of a {@link snapferry.device.StateDirectory}. */
public final class StateFiles {
  /** Which epoch is there: a {@link Manifest}. */
  public static final String MANIFEST = "manifest";

  /** The signature of that epoch; see {@code signature.md}. */
  public static final String SIGNATURE = "signature";

  /** The epoch that is being received or applied; absent at rest. */
  public static final String JOURNAL = "journal";

  /** When the image was last compared as a whole: a {@link Verification}; absent if never. */
  public static final String VERIFIED = "verified";

  private StateFiles() {}
}
