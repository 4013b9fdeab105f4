/** What the page on {@code @SharedSession} shows. */
package dev.holdfast.samples.session;
