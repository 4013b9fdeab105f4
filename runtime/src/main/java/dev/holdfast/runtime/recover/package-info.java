/**
 * The room of {@link dev.holdfast.Recover}. Its decisions are small classes of their own, free of clocks and threads where they
 * can be; the policies around them wait, call and log. All state lives and dies with the method.
 */
@NullMarked
package dev.holdfast.runtime.recover;

import org.jspecify.annotations.NullMarked;
