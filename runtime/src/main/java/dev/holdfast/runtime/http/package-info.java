/**
 * HTTP as woven methods are handed it: exchanges of the JDK's server and, from {@code jakarta.servlet} or {@code javax.servlet}, responses and
 * requests. For the rooms that answer a client or read what it sent.
 *
 * <p>None of these types is on our class path: servlets belong to the application, each of which may have an API of its own, and
 * {@code jdk.httpserver} is missing from many a trimmed JDK. So they are known by the names of their public interfaces, found in the
 * parameter types of the method itself, and called by reflection on those. That costs nanoseconds, where HTTP costs microseconds, and it does not
 * matter that the objects are of hidden classes.
 */
@NullMarked
package dev.holdfast.runtime.http;

import org.jspecify.annotations.NullMarked;
