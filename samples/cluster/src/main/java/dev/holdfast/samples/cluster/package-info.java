/**
 * The stage around the {@linkplain dev.holdfast.samples.shop shop}: starts Redis, Nginx, a broker, a bank and three nodes, sends users through it,
 * lets things go wrong under them, and keeps account of what they saw.
 *
 * <p>{@link dev.holdfast.samples.cluster.Main} is what {@code samples/cluster/run.sh} starts. Every process has a free port of the loopback, a
 * folder of its own, and is ended by its process id.
 */
package dev.holdfast.samples.cluster;
