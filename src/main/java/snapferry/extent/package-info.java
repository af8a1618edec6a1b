/** Geometry: extents, blocks and pages. Knows no bytes and does no IO. */
@org.jspecify.annotations.NullMarked
package snapferry.extent;
