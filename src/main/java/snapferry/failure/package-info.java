/** How a run ends when it cannot go on: exit codes and the exception that carries them. */
@org.jspecify.annotations.NullMarked
package snapferry.failure;
