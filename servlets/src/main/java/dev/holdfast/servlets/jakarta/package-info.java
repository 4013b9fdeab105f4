/**
 * What servlet code under {@code @SharedSession} is given in place of the container's request and response: {@link
 * dev.holdfast.servlets.jakarta.SessionRequest} and {@link dev.holdfast.servlets.jakarta.HeldResponse}. They leave to the container whatever is not
 * about sessions, or about when a response is sent.
 *
 * <p>The classes must be subclasses of the application's own copy of the servlet API, as containers look for what they wrap. So nobody links
 * against this package: its class files lie in the agent's jar, and the runtime defines them again for each copy of the API, in a small loader below
 * that of the copy. They and the runtime share no type but the JDK's. {@link dev.holdfast.servlets.jakarta.ServletCall} is what the runtime calls.
 *
 * <p>The build makes a second package of this one, {@code dev.holdfast.servlets.javax}, by replacing the one word. What is written here is valid for both,
 * and for servlets from 3.1 on: what newer versions have more is found by its name, or is left to the container.
 */
@NullMarked
package dev.holdfast.servlets.jakarta;

import org.jspecify.annotations.NullMarked;
