/** Where sessions are kept, and how it is that none is stale, lost or risen from the dead: in Redis, or in this JVM. Knows bytes, no values. */
@NullMarked
package dev.holdfast.runtime.session.store;

import org.jspecify.annotations.NullMarked;
