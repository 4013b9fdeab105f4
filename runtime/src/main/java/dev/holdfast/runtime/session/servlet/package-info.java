/**
 * Sessions in servlet code. What requests and responses of such a session do is written in the module {@code servlets}, against the servlet API; here those
 * classes are defined for each copy of the API that an application has, and called by name.
 */
@NullMarked
package dev.holdfast.runtime.session.servlet;

import org.jspecify.annotations.NullMarked;
