/** The other end of what the weaver writes. */
@NullMarked
package dev.holdfast.runtime;

import org.jspecify.annotations.NullMarked;
