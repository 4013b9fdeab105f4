/** The only place that reads a clock, waits or runs something later; everything else is handed {@code nowNanos}. */
@NullMarked
package dev.holdfast.runtime.time;

import org.jspecify.annotations.NullMarked;
