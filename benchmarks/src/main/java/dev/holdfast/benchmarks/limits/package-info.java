/** What a limit over a cluster can take: Holdfast's, those of its peers, and bare commands to Redis. */
@NullMarked
package dev.holdfast.benchmarks.limits;

import org.jspecify.annotations.NullMarked;
