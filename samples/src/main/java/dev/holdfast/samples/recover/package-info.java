/** One small method for each thing that {@link dev.holdfast.Recover} does; {@code docs/recover.md} quotes them. */
package dev.holdfast.samples.recover;
