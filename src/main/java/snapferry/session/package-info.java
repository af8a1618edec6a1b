/** The two ends of a session as state machines without IO: messages in, what they mean out. */
@org.jspecify.annotations.NullMarked
package snapferry.session;
