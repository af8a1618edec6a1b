/** Drives sessions over devices, journals and channels. */
@org.jspecify.annotations.NullMarked
package snapferry.replicate;
