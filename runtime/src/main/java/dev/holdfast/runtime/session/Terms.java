package dev.holdfast.runtime.session;

import dev.holdfast.runtime.ExceptionType;
import dev.holdfast.runtime.session.codec.Codec;
import dev.holdfast.runtime.session.store.Lifetime;
import org.jspecify.annotations.Nullable;

/**
 * What one method says of its sessions, ready for use. Immutable.
 *
 * @param place of the method, for messages
 * @param loader of the application; null for the JVM's own
 * @param cookie the name of the cookie; null where the id is that of a template
 * @param creates whether a session is made where there is none
 * @param near whether this node's copy will do
 * @param failsOnConflict whether a call fails where another has changed what it read or wrote
 * @param denies whether calls fail while the store is away
 */
record Terms(
        String place,
        @Nullable ClassLoader loader,
        @Nullable String cookie,
        boolean creates,
        Lifetime lifetime,
        boolean near,
        boolean failsOnConflict,
        boolean denies,
        Codec codec,
        ExceptionType conflict,
        ExceptionType unavailable) {}
