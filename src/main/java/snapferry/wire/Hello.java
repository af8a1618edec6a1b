package snapferry.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import snapferry.codec.FormatException;

/**
 * The first frame of each end. Its layout is the same in every version:
 *
 * <pre>
 *  min version u16 | max version u16 | role u8 (0 sender, 1 receiver)
 *  | purpose u8 | zero (2)
 *  | timeout in seconds u32
 *  | name length u16 | name | software length u16 | software (≤ 64, UTF-8)
 * </pre>
 *
 * @param minVersion oldest protocol version that this end speaks, at least 1
 * @param maxVersion newest protocol version that this end speaks, at most 65,535
 * @param role what this end is
 * @param purpose what the client starts the session for; a server repeats it
 * @param timeoutSeconds after how much silence this end wishes to give up, at least 1; the other
 *     end bounds it for itself
 * @param name the volume that a client asks for, a {@link VolumeName}; or empty
 * @param software name and version of the program, for people; not escaped
 */
public record Hello(
    int minVersion,
    int maxVersion,
    Role role,
    Purpose purpose,
    int timeoutSeconds,
    String name,
    String software)
    implements Message {
  /** The most bytes of {@code software}, in UTF-8. */
  public static final int MAX_SOFTWARE = 64;

  /** Bytes of a payload with empty texts. */
  static final int FIXED = 16;

  public Hello {
    if (minVersion < 1 || minVersion > maxVersion || maxVersion > 0xffff) {
      throw new IllegalArgumentException("versions " + minVersion + " to " + maxVersion);
    }
    if (timeoutSeconds < 1) {
      throw new IllegalArgumentException("timeout " + Integer.toUnsignedString(timeoutSeconds));
    }
    if (!name.isEmpty() && !VolumeName.isValid(name)) {
      throw new IllegalArgumentException("a name that no volume has");
    }
    if (software.getBytes(StandardCharsets.UTF_8).length > MAX_SOFTWARE) {
      throw new IllegalArgumentException("software of more than " + MAX_SOFTWARE + " bytes");
    }
  }

  static Hello read(ByteBuffer in) throws FormatException {
    int minVersion = Fields.u16(in);
    int maxVersion = Fields.u16(in);
    Role role = Fields.oneOf(Role.values(), Role::code, Fields.u8(in));
    Purpose purpose = Fields.oneOf(Purpose.values(), Purpose::code, Fields.u8(in));
    Fields.zeros(in, 2);
    int timeoutSeconds = in.getInt();
    String name = Fields.text(in);
    String software = Fields.text(in);
    return new Hello(minVersion, maxVersion, role, purpose, timeoutSeconds, name, software);
  }

  @Override
  public void write(ByteBuffer out) {
    out.putShort((short) minVersion).putShort((short) maxVersion);
    out.put((byte) role.code()).put((byte) purpose.code()).putShort((short) 0);
    out.putInt(timeoutSeconds);
    Fields.putText(out, name);
    Fields.putText(out, software);
  }

  @Override
  public FrameType type() {
    return FrameType.HELLO;
  }
}
