package snapferry.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.codec.FormatException;

/** Reports of LVM 2.03.16, and what is none. */
@NullMarked
class LvmReportTest {
  private static final String REPORT =
      """
        {
            "report": [
                {
                    "lv": [
                        {"vg_name":"v", "lv_name":"a-b", "lv_uuid":"dcFN5t-BQnD-r7qm-MyR1-G2Ov-JCig-iUQ1i2", "lv_dm_path":"/dev/mapper/v-a--b", "lv_size":"104857600", "lv_attr":"-wi-a-----", "origin_uuid":"", "pool_lv":"", "data_percent":"", "metadata_percent":"", "lv_tags":"", "vg_free":"4185915392", "chunk_size":"0", "thin_id":""},
                        {"vg_name":"v", "lv_name":"snapferry_0b9c2a52-6d0d", "lv_uuid":"8r4Ju4-v9f2-AJXz-Lssh-TzhZ-k5Y9-WE8SV1", "lv_dm_path":"/dev/mapper/v-snapferry_0b9c2a52-6d0d", "lv_size":"1073741824", "lv_attr":"Vri-a-t--k", "origin_uuid":"L5rSu0-Mk2m-LLH0-kSGX-FhXs-lfCM-7tzfwO", "pool_lv":"pool", "data_percent":"0.00", "metadata_percent":"", "lv_tags":"snapferry,snapferry.run=0b9c2a52-6d0d-4c3f-8f6b-0c2d5d2d4f10", "vg_free":"3854565376", "chunk_size":"0", "thin_id":"2"}
                    ]
                }
            ]
            ,
            "log": [
                {"log_seq_num":"1", "log_message":"success"}
            ]
        }
      """;

  @Test
  void aReportIsReadWithAllItsVolumes() throws Exception {
    var rows = LvmReport.volumes(REPORT);
    assertThat(rows).hasSize(2);

    LogicalVolume linear = LogicalVolume.parse(rows.get(0));
    assertThat(linear.fullName()).isEqualTo("v/a-b");
    assertThat(linear.node()).isEqualTo(Path.of("/dev/mapper/v-a--b"));
    assertThat(linear.size()).isEqualTo(100 << 20);
    assertThat(linear.groupFree()).isEqualTo(4185915392L);
    assertThat(linear.isThin()).isFalse();
    assertThat(linear.thinId()).isEqualTo(-1);
    assertThat(linear.dataPercent()).isNaN();
    assertThat(SnapshotTags.run(linear)).isNull();

    LogicalVolume thin = LogicalVolume.parse(rows.get(1));
    assertThat(thin.isThin()).isTrue();
    assertThat(thin.thinId()).isEqualTo(2);
    assertThat(thin.dataPercent()).isZero();
    assertThat(thin.originUuid()).isEqualTo("L5rSu0-Mk2m-LLH0-kSGX-FhXs-lfCM-7tzfwO");
    assertThat(SnapshotTags.run(thin)).hasToString("0b9c2a52-6d0d-4c3f-8f6b-0c2d5d2d4f10");
  }

  @Test
  void aVolumeThatWasRenamedIsNoSnapshotOfARunAnyMore() throws Exception {
    Map<String, String> row = new LinkedHashMap<>(LvmReport.volumes(REPORT).get(1));
    row.put("lv_name", "keep_this");
    assertThat(SnapshotTags.run(LogicalVolume.parse(row))).isNull();
  }

  @Test
  void aReportWithoutVolumesHasNone() throws Exception {
    assertThat(LvmReport.volumes("{\"report\": [{\"lv\": []}]}")).isEmpty();
    assertThat(LvmReport.volumes("{\"report\": []}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  Volume group \"nope\" not found",
        "[]",
        "{}",
        "{\"report\": 7}",
        "{\"report\": [7]}",
        "{\"report\": [{\"lv\": [{\"lv_name\": 7}]}]}",
        "{\"report\": [{\"lv\": [{\"lv_name\": {\"a\": \"b\"}}]}]}",
        "{\"report\": [{\"lv\": [{\"lv_name\": \"a\"}]}",
        "{\"report\": [{\"lv\": []}]} {}",
        "{\"report\": [[[[[[[[[[[[]]]]]]]]]]]]}"
      })
  void whatIsNoReportIsRefused(String text) {
    assertThatThrownBy(() -> LvmReport.volumes(text))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("no report of LVM: ");
  }

  @Test
  void aReportBeyondTheBoundsIsRefused() {
    String long_ = "x".repeat(LvmReport.MAX_VALUE + 1);
    assertThatThrownBy(
            () -> LvmReport.volumes("{\"report\": [{\"lv\": [{\"a\": \"" + long_ + "\"}]}]}"))
        .isInstanceOf(FormatException.class);
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i <= LvmReport.MAX_FIELDS; i++) {
      fields.append(i == 0 ? "" : ",").append("\"f").append(i).append("\": \"\"");
    }
    assertThatThrownBy(() -> LvmReport.volumes("{\"report\": [{\"lv\": [{" + fields + "}]}]}"))
        .hasMessageContaining("more than 64 fields");
    String rows = "{},".repeat(LvmReport.MAX_ROWS) + "{}";
    assertThatThrownBy(() -> LvmReport.volumes("{\"report\": [{\"lv\": [" + rows + "]}]}"))
        .hasMessageContaining("more than 100000 rows");
  }

  @Test
  void aGarbledReportIsRefusedOrReadButNothingElse() {
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      char[] text = REPORT.toCharArray();
      for (int i = random.nextInt(4); i >= 0; i--) {
        text[random.nextInt(text.length)] = (char) (random.nextInt(0x60) + 0x20);
      }
      try {
        for (Map<String, String> row : LvmReport.volumes(new String(text))) {
          LogicalVolume volume = LogicalVolume.parse(row);
          assertThat(volume.size()).as("seed %s", seed).isNotNegative();
        }
      } catch (FormatException e) {
        assertThat(e.getMessage()).as("seed %s", seed).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vg_name, ''",
    "vg_name, -y",
    "lv_name, a b",
    "lv_name, ../a",
    "lv_uuid, 0",
    "lv_dm_path, /etc/passwd",
    "lv_size, -1",
    "lv_size, 9999999999999999999999",
    "lv_attr, ''",
    "origin_uuid, a",
    "pool_lv, -f",
    "chunk_size, 4294967296",
    "thin_id, 99999999",
    "data_percent, NaN",
    "metadata_percent, 1e9"
  })
  void aFieldThatIsNotWhatItShouldBeIsRefused(String field, String value) throws Exception {
    Map<String, String> row = new LinkedHashMap<>(LvmReport.volumes(REPORT).get(1));
    row.put(field, value);
    assertThatThrownBy(() -> LogicalVolume.parse(row))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(field);
    row.remove(field);
    if (!field.equals("thin_id")) {
      assertThatThrownBy(() -> LogicalVolume.parse(row)).isInstanceOf(FormatException.class);
    }
  }
}
