package snapferry.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.codec.FormatException;

/** What the kernel says of snapshots. */
@NullMarked
class TargetStatusTest {
  @Test
  void aSnapshotThatIsWholeSaysHowFullItIs() throws Exception {
    TargetStatus status = TargetStatus.parse("0 204800 snapshot 10240/40960 16\n");
    assertThat(status.whole()).isTrue();
    assertThat(status.size()).isEqualTo(100 << 20);
    assertThat(status.level()).isEqualTo(0.25);
    assertThat(TargetStatus.parse("0 2097152 thin 0 -\n").whole()).isTrue();
    assertThat(TargetStatus.parse("0 2097152 thin 4096 2097151\n").whole()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 204800 snapshot Invalid\n",
        "0 204800 snapshot Overflow\n",
        "0 204800 snapshot Merge failed\n",
        "0 204800 snapshot Unknown\n",
        "0 204800 snapshot 16/\n",
        "0 2097152 thin Fail\n",
        "0 2097152 thin Error\n"
      })
  void whatIsNotKnownToBeWholeIsLost(String text) throws Exception {
    assertThat(TargetStatus.parse(text).whole()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "0 204800 linear \n",
        "0 204800 snapshot-origin \n",
        "0 204800 snapshot 16/40960 16",
        "0 204800 snapshot 16/40960 16\n204800 8 error \n",
        "Device does not exist.\n"
      })
  void theStatusOfSomethingElseIsRefused(String text) {
    assertThatThrownBy(() -> TargetStatus.parse(text)).isInstanceOf(FormatException.class);
  }
}
