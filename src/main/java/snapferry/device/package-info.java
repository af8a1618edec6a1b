/** The seam to the disk: storage, block devices, state directories. */
@org.jspecify.annotations.NullMarked
package snapferry.device;
