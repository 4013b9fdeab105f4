/**
 * What a guarded call costs. The same small body is put behind a bare call, behind code written by hand, behind Holdfast and behind
 * its peers; {@link dev.holdfast.benchmarks.Report} measures all of them by JMH and prints one table.
 *
 * <p>Each library has one file, in {@link dev.holdfast.benchmarks.libraries}. {@code benchmarks/README.md} says what the figures
 * mean and what they do not.
 */
@NullMarked
package dev.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
