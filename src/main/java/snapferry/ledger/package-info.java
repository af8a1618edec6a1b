/**
 * What came of runs: the run log, the last of it per volume and standby, and the same as metrics
 * for Prometheus. What a run did not get to know is left out everywhere.
 */
@org.jspecify.annotations.NullMarked
package snapferry.ledger;
