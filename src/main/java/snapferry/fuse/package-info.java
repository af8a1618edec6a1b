/**
 * Shows volumes as files of a FUSE mount: the kernel's protocol, spoken straight to {@code
 * /dev/fuse}.
 */
@org.jspecify.annotations.NullMarked
package snapferry.fuse;
