/**
 * Linux calls that the JDK does not offer. The only user of jnr-ffi, which is loaded by the first
 * call that needs it.
 */
@org.jspecify.annotations.NullMarked
package snapferry.posix;
