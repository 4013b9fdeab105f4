/**
 * A small price service, as anybody might write it: one class that asks another service over HTTP, and one that answers customers.
 * All that it knows of Holdfast are the annotations on {@link dev.holdfast.samples.prices.Prices}.
 */
package dev.holdfast.samples.prices;
