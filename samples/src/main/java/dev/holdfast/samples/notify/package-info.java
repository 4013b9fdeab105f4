/** Ways to use {@link dev.holdfast.NotifyOnFailure}; {@code docs/notify-on-failure.md} quotes them. */
package dev.holdfast.samples.notify;
