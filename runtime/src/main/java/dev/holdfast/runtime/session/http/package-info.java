/** Sessions over HTTP: cookies of their own, and responses that wait until the session is saved. */
@NullMarked
package dev.holdfast.runtime.session.http;

import org.jspecify.annotations.NullMarked;
