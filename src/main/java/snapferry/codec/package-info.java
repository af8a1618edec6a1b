/**
 * What every format shares: little-endian buffers, CRC32C, the exception for bytes that break their
 * format.
 */
@org.jspecify.annotations.NullMarked
package snapferry.codec;
