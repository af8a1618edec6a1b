/** Reaching the other host: how people name it, and the remote shell that carries the session. */
@org.jspecify.annotations.NullMarked
package snapferry.ssh;
