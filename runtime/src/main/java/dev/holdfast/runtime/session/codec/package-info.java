/** How the values of a session are stored: a byte that tells the form, and what that form needs. Knows values, no sessions. */
@NullMarked
package dev.holdfast.runtime.session.codec;

import org.jspecify.annotations.NullMarked;
