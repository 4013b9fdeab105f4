/** What a session in Redis costs, against the bare round trips and against Spring Session. */
@NullMarked
package dev.holdfast.benchmarks.sessions;

import org.jspecify.annotations.NullMarked;
