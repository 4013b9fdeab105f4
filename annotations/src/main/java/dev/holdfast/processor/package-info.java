/**
 * Finds faults in definitions while they are compiled: an annotation processor, which plain {@code javac} finds in the jar by itself. It writes nothing, and
 * no class of it is loaded when a program runs.
 */
@NullMarked
package dev.holdfast.processor;

import org.jspecify.annotations.NullMarked;
