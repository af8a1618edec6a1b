/** Pure planning: from what both ends know to what a session does, or why it refuses. No IO. */
@org.jspecify.annotations.NullMarked
package snapferry.plan;
