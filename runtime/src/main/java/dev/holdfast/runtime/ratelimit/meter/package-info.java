/**
 * What counts permits, as those who ask for permits see it: they wait, queue and refuse alike, whether it counts in this JVM or over a
 * cluster.
 */
@NullMarked
package dev.holdfast.runtime.ratelimit.meter;

import org.jspecify.annotations.NullMarked;
