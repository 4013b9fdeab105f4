package dev.holdfast.runtime.ratelimit;

import java.util.List;

/**
 * The claims of one method that its calls go by: those of its latest settings. A call that waits looks at them each time that it is woken, so a
 * change is a change for it as well. Thread-safe.
 */
final class InForce {

    static final Claim[] NONE = {};

    private volatile Claim[] claims = NONE;

    /** In the order in which they are asked; none where the method is not limited now. Not to be changed. */
    Claim[] claims() {
        return claims;
    }

    /** Puts others in force, and wakes whoever waits by those before, of these limits. */
    void put(Claim[] changed, List<Limit> before) {
        claims = changed;
        for (Limit limit : before) {
            limit.lines().wakeAll();
        }
    }
}
