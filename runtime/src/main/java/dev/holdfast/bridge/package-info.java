/**
 * The one class that both woven code and the runtime see. In the agent jar it is renamed into {@code java.lang} and defined
 * there, because {@code java.*} is the only package that every class loader finds, and finds the same.
 */
@NullMarked
package dev.holdfast.bridge;

import org.jspecify.annotations.NullMarked;
