package snapferry.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Hello;
import snapferry.wire.Purpose;
import snapferry.wire.Role;

/** What two HELLOs settle, and when they do not go together. */
@NullMarked
class HandshakeTest {
  @ParameterizedTest
  @CsvSource({
    "1,1, 1,1, 1",
    "1,3, 1,2, 2",
    "2,3, 1,2, 2",
    "1,2, 2,9, 2",
    "4,65535, 1,65535, 65535"
  })
  void theVersionIsTheLowerOfTheTwoMaxima(int min, int max, int theirMin, int theirMax, int version)
      throws Failure {
    Hello mine = hello(Role.SENDER, min, max);
    Hello theirs = hello(Role.RECEIVER, theirMin, theirMax);
    assertThat(Handshake.agree(mine, theirs)).isEqualTo(version);
    assertThat(Handshake.agree(theirs, mine)).isEqualTo(version);
  }

  @ParameterizedTest
  @CsvSource({"1,1, 2,2", "2,3, 1,1", "5,9, 1,4", "1,1, 65535,65535"})
  void thereIsNoVersionBelowEitherMinimum(int min, int max, int theirMin, int theirMax) {
    Failure failure =
        disagree(hello(Role.SENDER, min, max), hello(Role.RECEIVER, theirMin, theirMax));
    assertThat(failure).hasMessageContainingAll("versions " + theirMin + " to " + theirMax);
    assertThat(failure).hasMessageContainingAll(min + " to " + max, "upgrade the older");
  }

  @Test
  void bothEndsCannotHaveTheSameRole() {
    for (Role role : Role.values()) {
      assertThat(disagree(hello(role, 1, 1), hello(role, 1, 1))).hasMessageContaining(role.label());
    }
  }

  @Test
  void bothEndsAreThereForTheSamePurpose() {
    for (Purpose mine : Purpose.values()) {
      for (Purpose theirs : Purpose.values()) {
        if (mine != theirs) {
          assertThat(disagree(hello(Role.SENDER, mine, ""), hello(Role.RECEIVER, theirs, "")))
              .hasMessageContainingAll(mine.name(), theirs.name());
        }
      }
    }
  }

  @Test
  void whatTheOtherEndSaysOfItselfReachesTheOperatorEscaped() {
    Hello mine = new Hello(2, 2, Role.SENDER, Purpose.REPLICATE, 30, "", "mine");
    Failure failure = disagree(mine, hello(Role.RECEIVER, Purpose.REPLICATE, "\u001b[2Jtheirs"));
    assertThat(failure).hasMessageContaining("\\u001b[2Jtheirs");
    assertThat(failure.getMessage()).doesNotContain("\u001b");
  }

  @Test
  void aTimeoutThatTheOtherEndWishesForIsBounded() {
    assertThat(Handshake.boundedTimeout(1)).isEqualTo(Handshake.MIN_TIMEOUT);
    assertThat(Handshake.boundedTimeout(30)).isEqualTo(30);
    assertThat(Handshake.boundedTimeout(Integer.MAX_VALUE)).isEqualTo(Handshake.MAX_TIMEOUT);
  }

  private static Failure disagree(Hello mine, Hello theirs) {
    Failure failure = catchThrowableOfType(Failure.class, () -> Handshake.agree(mine, theirs));
    assertThat(failure).isNotNull();
    assertThat(failure.exit()).isEqualTo(ExitCode.PROTOCOL);
    return failure;
  }

  private static Hello hello(Role role, int minVersion, int maxVersion) {
    return new Hello(minVersion, maxVersion, role, Purpose.REPLICATE, 30, "", "test");
  }

  private static Hello hello(Role role, Purpose purpose, String software) {
    return new Hello(1, 1, role, purpose, 30, "", software);
  }
}
