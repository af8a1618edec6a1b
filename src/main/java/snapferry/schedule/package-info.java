/**
 * When runs take place: a timetable that is told what time it is and knows nothing of clocks, and
 * the threads that follow it. What a run does is none of its business.
 */
@org.jspecify.annotations.NullMarked
package snapferry.schedule;
