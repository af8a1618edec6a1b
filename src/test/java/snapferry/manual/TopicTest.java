package snapferry.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Topics are found in the documentation. */
@NullMarked
class TopicTest {
  static List<Topic> topics() {
    return Topic.ALL;
  }

  @ParameterizedTest
  @MethodSource("topics")
  void thereIsSomethingToSayWithoutMarks(Topic topic) {
    List<Block> blocks = topic.blocks();
    assertThat(blocks).isNotEmpty();
    for (Block block : blocks) {
      if (!(block instanceof Block.Code)) {
        assertThat(PlainText.of(List.of(block), 80, UnaryOperator.identity()))
            .allSatisfy(line -> assertThat(line).doesNotContain("`", "**", "](", "|---"));
      }
    }
  }

  @Test
  void aTopicIsNamedOnce() {
    assertThat(Topic.ALL).extracting(Topic::name).doesNotHaveDuplicates();
  }

  @Test
  void exitCodesAreOneToALine() {
    assertThat(
            PlainText.of(
                Topic.named("exit-codes").orElseThrow().blocks(), 80, UnaryOperator.identity()))
        .contains("  0    done", "  130  interrupted");
  }
}
