/**
 * The patrol: which part of a volume is read again although no hint asked for it, so that all of it
 * is within a period. Arithmetic and a small durable record; what is found is for others to mend.
 */
@org.jspecify.annotations.NullMarked
package snapferry.patrol;
