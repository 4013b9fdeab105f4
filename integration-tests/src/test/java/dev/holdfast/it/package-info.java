/** Forked JVMs under the packaged agent, and what is expected of them. */
@NullMarked
package dev.holdfast.it;

import org.jspecify.annotations.NullMarked;
