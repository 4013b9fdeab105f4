/**
 * {@code @NotifyOnFailure}: a failure is told, at no cost to the caller, and is not lost.
 *
 * <p>The way of a failure: the thread that failed takes down what it knows ({@link dev.holdfast.runtime.notify.Teller}) and puts it into a
 * bounded queue ({@link dev.holdfast.runtime.notify.Intake}). One thread makes events of it, without secrets, and writes them into the
 * {@linkplain dev.holdfast.runtime.notify.journal journal}; from then on they outlive the process. A thread for each channel reads the journal
 * and hands them over ({@link dev.holdfast.runtime.notify.Delivery}), again and again until the channel has taken them. What is lost on the
 * way (a full queue, a full disk) is counted, and the count is an event too.
 *
 * <p>Threads start with the first annotated method that is called, as it may be that an earlier process has left events behind. What
 * is kept of a failure in the queue goes within moments; nothing else here holds on to the application.
 */
@NullMarked
package dev.holdfast.runtime.notify;

import org.jspecify.annotations.NullMarked;
