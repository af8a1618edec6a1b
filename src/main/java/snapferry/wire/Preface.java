package snapferry.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import snapferry.codec.Printable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * The eight bytes {@code SNAPFRY1} before the first frame, which tell a talkative login shell from
 * a peer.
 */
public final class Preface {
  public static final int LENGTH = 8;

  private static final byte[] BYTES = "SNAPFRY1".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_SHOWN = 200;

  private Preface() {}

  /** Appends the preface to {@code out}. */
  public static void write(ByteBuffer out) {
    out.put(BYTES);
  }

  /**
   * Whether what {@code came} so far, from position to limit, is how a preface begins; compares at
   * most all of it.
   */
  static boolean matches(ByteBuffer came) {
    int length = Math.min(came.remaining(), LENGTH);
    return came.slice(came.position(), length).equals(ByteBuffer.wrap(BYTES, 0, length));
  }

  /** What to tell the operator when other bytes {@code came}. */
  static Failure refusal(ByteBuffer came) {
    String text = StandardCharsets.UTF_8.decode(came.duplicate()).toString();
    String line = text.lines().filter(each -> !each.isBlank()).findFirst().orElse(text);
    String shown = Printable.escape(line.substring(0, Math.min(line.length(), MAX_SHOWN)));
    return new Failure(
        ExitCode.TRANSPORT,
        "the remote command did not speak Snapferry's protocol; it said: \""
            + shown.substring(0, Math.min(shown.length(), MAX_SHOWN))
            + "\". The remote shell must be silent: look for output in its start-up files");
  }

  /** What to tell the operator when the stream ended after {@code came}, which is too little. */
  static Failure tooShort(ByteBuffer came) {
    return new Failure(
        ExitCode.TRANSPORT,
        came.hasRemaining()
            ? "the remote command ended inside its first word"
            : "the remote command ended without a word");
  }
}
