/**
 * The few classes at the root of the agent jar, which the JVM and the application's class loader see: where the JVM begins, with
 * {@code -javaagent} or with {@code -jar}, and the loader that keeps everything else apart. They hold nothing but the JDK.
 */
@NullMarked
package dev.holdfast.agent;

import org.jspecify.annotations.NullMarked;
