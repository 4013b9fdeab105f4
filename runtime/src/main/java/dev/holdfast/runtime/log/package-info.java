/**
 * Where messages go: to the SLF4J that the application's class loader sees, else to stderr, never to stdout. The application's
 * logging is reached by name only, so any version of it will do, and it is never woken where it could hurt: see
 * {@link dev.holdfast.runtime.log.Log#later}.
 */
@NullMarked
package dev.holdfast.runtime.log;

import org.jspecify.annotations.NullMarked;
