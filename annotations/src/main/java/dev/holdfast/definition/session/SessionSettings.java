package dev.holdfast.definition.session;

import dev.holdfast.Conflict;
import dev.holdfast.Consistency;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.template.Template;
import org.jspecify.annotations.Nullable;

/**
 * What {@code @SharedSession} says of one method, read and checked.
 *
 * @param id null where it is that of the cookie
 * @param cookie its name
 * @param create whether a session is made where there is none
 * @param idleNanos how long it lives without use
 * @param maxAgeNanos how long it lives since it was made
 */
public record SessionSettings(
        @Nullable Template id,
        String cookie,
        boolean create,
        long idleNanos,
        long maxAgeNanos,
        Consistency consistency,
        Conflict conflict,
        Unavailable whenUnavailable) {}
