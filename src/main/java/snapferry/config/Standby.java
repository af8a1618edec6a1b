package snapferry.config;

import snapferry.ssh.Endpoint;

/**
 * A standby of a volume.
 *
 * @param name as its table is called; standbys of several volumes that have it in common are one
 *     place, and one line to it
 * @param target where it is
 * @param settings what holds for runs to it
 * @param at where its table begins
 */
public record Standby(String name, Endpoint target, Settings settings, Position at) {}
