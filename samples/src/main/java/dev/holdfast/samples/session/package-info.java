/** Ways to use {@link dev.holdfast.SharedSession}; {@code docs/shared-session.md} quotes them. */
package dev.holdfast.samples.session;
