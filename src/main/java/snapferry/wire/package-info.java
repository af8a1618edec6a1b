/**
 * The wire protocol of {@code wire.md}: frames and messages as bytes and back. Does no IO but read
 * a channel.
 */
@org.jspecify.annotations.NullMarked
package snapferry.wire;
