/**
 * Programs as a user would write them, compiled against the annotations alone and run in a JVM of their own. A program is
 * a list of classes with {@link dev.holdfast.it.programs.Case cases}; {@link dev.holdfast.it.programs.Program} runs them
 * and prints one line for each.
 */
package dev.holdfast.it.programs;
