/**
 * Fault tolerance by annotation. A program that runs with {@code -javaagent:holdfast-agent.jar} has its annotated methods
 * protected; without the agent it runs as if the annotations were not there.
 *
 * <p>Durations are strings: a whole number and one of the units {@code ns us ms s m h d}, several joined for mixed ones,
 * as in {@code "1m30s"}. The empty string means none. There are no spaces, signs, fractions or ISO forms.
 *
 * <p>Every annotation may stand on a method, on a class (it then holds for each method that the class declares, unless
 * private or synthetic; one on the method replaces that of its class whole), or on an annotation of your own, which then
 * brings it along wherever it is put.
 */
package dev.holdfast;
