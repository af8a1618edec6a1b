/** Signatures and differences: block hashes, page sums, the hash tree, page runs, LZ4. */
@org.jspecify.annotations.NullMarked
package snapferry.delta;
