/**
 * What is told of a failure: a CloudEvents 1.0 message, and how a throwable becomes one. All of it runs on the thread that takes
 * failures from the queue, where the milliseconds that it costs delay nobody; nothing here blocks or keeps state.
 */
@NullMarked
package dev.holdfast.runtime.notify.event;

import org.jspecify.annotations.NullMarked;
