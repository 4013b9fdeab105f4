/**
 * {@code @NotifyOnFailure}: people and queues are told of a failure, at no cost to the caller.
 */
@NullMarked
package dev.holdfast.runtime.notify;

import org.jspecify.annotations.NullMarked;
