/** One file for each way to guard a call, written as that library's own manual has it. */
@NullMarked
package dev.holdfast.benchmarks.libraries;

import org.jspecify.annotations.NullMarked;
