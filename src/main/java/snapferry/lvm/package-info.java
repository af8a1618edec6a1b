/**
 * Snapshots of sources: of logical volumes by LVM, of files by reflink. LVM is driven by its own
 * commands, whose reports are parsed as strictly as anything from outside.
 */
@org.jspecify.annotations.NullMarked
package snapferry.lvm;
