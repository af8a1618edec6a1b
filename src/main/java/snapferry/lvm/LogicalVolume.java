package snapferry.lvm;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.extent.Geometry;

/**
 * A logical volume, as a report of {@code lvs} describes it.
 *
 * @param group name of its volume group
 * @param name its name
 * @param uuid its UUID, in LVM's writing
 * @param node its device; there only while it is active
 * @param size its bytes; of a classic snapshot, those of its COW store
 * @param attributes the letters of {@code lv_attr}, lvs(8)
 * @param originUuid of the volume that it is a snapshot of; empty if it is none
 * @param pool name of its thin pool; empty if it has none
 * @param tags all its tags
 * @param groupFree bytes of the group that no volume has
 * @param chunkSize bytes of a chunk of a snapshot or of a thin pool; 0 for others
 * @param thinId what the thin pool calls it; -1 if it is not thin
 * @param dataPercent how full a pool or a classic snapshot is; NaN for others
 * @param metadataPercent how full the metadata of a pool are; NaN for others
 */
record LogicalVolume(
    String group,
    String name,
    String uuid,
    Path node,
    long size,
    String attributes,
    String originUuid,
    String pool,
    Set<String> tags,
    long groupFree,
    long chunkSize,
    int thinId,
    double dataPercent,
    double metadataPercent) {
  /** What {@code lvs -o} is to report. */
  static final String FIELDS =
      "vg_name,lv_name,lv_uuid,lv_dm_path,lv_size,lv_attr,origin_uuid,pool_lv,lv_tags,vg_free,"
          + "chunk_size,thin_id,data_percent,metadata_percent";

  static final Pattern UUID = Pattern.compile("[A-Za-z0-9]{6}(-[A-Za-z0-9]{4}){5}-[A-Za-z0-9]{6}");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9+_.][A-Za-z0-9+_.-]{0,126}");
  private static final Pattern NODE = Pattern.compile("/dev/mapper/[A-Za-z0-9+_.-]{1,255}");
  private static final Pattern ATTRIBUTES = Pattern.compile("[A-Za-z-]{9,12}");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  private static final Pattern PERCENT = Pattern.compile("\\d{1,3}(\\.\\d{1,4})?");
  private static final Pattern COMMA = Pattern.compile(",");

  /** Thin ids have 24 bits. */
  private static final int MAX_THIN_ID = 1 << 24;

  LogicalVolume {
    tags = Set.copyOf(tags);
  }

  /**
   * Reads a row of a report with {@link #FIELDS}.
   *
   * @throws FormatException if a field is missing or is not what it should be
   */
  static LogicalVolume parse(Map<String, String> row) throws FormatException {
    String thinId = row.getOrDefault("thin_id", "");
    return new LogicalVolume(
        text(row, "vg_name", NAME),
        text(row, "lv_name", NAME),
        text(row, "lv_uuid", UUID),
        Path.of(text(row, "lv_dm_path", NODE)),
        number(row, "lv_size", Geometry.MAX_SIZE),
        text(row, "lv_attr", ATTRIBUTES),
        optional(row, "origin_uuid", UUID),
        optional(row, "pool_lv", NAME),
        Set.copyOf(COMMA.splitAsStream(field(row, "lv_tags")).filter(t -> !t.isEmpty()).toList()),
        number(row, "vg_free", Long.MAX_VALUE),
        number(row, "chunk_size", Integer.MAX_VALUE),
        thinId.isEmpty() ? -1 : (int) number(row, "thin_id", MAX_THIN_ID),
        percent(row, "data_percent"),
        percent(row, "metadata_percent"));
  }

  private static String field(Map<String, String> row, String name) throws FormatException {
    @Nullable String value = row.get(name);
    if (value == null) {
      throw new FormatException("a report of LVM without " + name);
    }
    return value;
  }

  private static String text(Map<String, String> row, String name, Pattern pattern)
      throws FormatException {
    String value = field(row, name);
    if (!pattern.matcher(value).matches()) {
      throw new FormatException("a report of LVM says that " + name + " is '" + value + "'");
    }
    return value;
  }

  private static String optional(Map<String, String> row, String name, Pattern pattern)
      throws FormatException {
    return field(row, name).isEmpty() ? "" : text(row, name, pattern);
  }

  private static long number(Map<String, String> row, String name, long limit)
      throws FormatException {
    long number = Long.parseLong(text(row, name, NUMBER));
    if (number > limit) {
      throw new FormatException("a report of LVM says that " + name + " is " + number);
    }
    return number;
  }

  private static double percent(Map<String, String> row, String name) throws FormatException {
    String value = optional(row, name, PERCENT);
    return value.isEmpty() ? Double.NaN : Double.parseDouble(value);
  }

  /** As LVM's commands want to hear it. */
  String fullName() {
    return group + "/" + name;
  }

  boolean isThin() {
    return !pool.isEmpty();
  }

  /** Whether it is a classic snapshot, which stays as it is unless somebody writes to it. */
  boolean isClassicSnapshot() {
    return attributes.charAt(0) == 's' || attributes.charAt(0) == 'S';
  }

  /** The value of the tag {@code name=VALUE}; null if it has none. */
  @Nullable String tag(String name) {
    String start = name + "=";
    return List.copyOf(tags).stream()
        .filter(tag -> tag.startsWith(start))
        .map(tag -> tag.substring(start.length()))
        .findFirst()
        .orElse(null);
  }
}
