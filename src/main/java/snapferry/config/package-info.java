/**
 * What an operator wrote down: volumes, their standbys and how to replicate, as {@code config.md}
 * specifies. Pure: text in, records out, and every mistake is said with its file and line. What
 * values of {@code push}'s options mean is left to those who know the options.
 */
@org.jspecify.annotations.NullMarked
package snapferry.config;
