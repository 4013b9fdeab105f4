/**
 * The configuration: every key that there is ({@link dev.holdfast.runtime.settings.Keys}), what was given for it in system
 * properties, environment and file ({@link dev.holdfast.runtime.settings.Settings}, an immutable snapshot), overrides of
 * annotations' attributes among it, and the watch over the file.
 *
 * <p>Text becomes values in one place: it is parsed and validated against the key's {@link dev.holdfast.runtime.settings.Rule},
 * all faults are told together, and what comes out is either complete settings or a message.
 *
 * <p>All of this runs while the JVM starts, before the application: so plain {@code java.io}, loops, and string builders, where
 * {@code java.nio.file}, regular expressions, lambdas and streams would have to be loaded first.
 */
@NullMarked
package dev.holdfast.runtime.settings;

import org.jspecify.annotations.NullMarked;
