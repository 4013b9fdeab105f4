/** What is known of each class loader of the application. */
@NullMarked
package dev.holdfast.runtime.loader;

import org.jspecify.annotations.NullMarked;
