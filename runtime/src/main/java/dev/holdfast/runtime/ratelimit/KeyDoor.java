package dev.holdfast.runtime.ratelimit;

import dev.holdfast.runtime.Policy;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import dev.holdfast.runtime.template.Filling;
import dev.holdfast.runtime.time.Time;
import org.jspecify.annotations.Nullable;

/**
 * One limit with a key and a cost that is the same for each call. A call with a key that was seen lately goes in without more ado. Whoever finds
 * no permit, or comes with another key, finds out on the long way what is next. Thread-safe.
 */
final class KeyDoor extends RateGate implements Policy.Door {

    private final Claim claim;
    private final Limit limit;
    private final long cost;

    /** What the application's own code threw where it was asked for the key. */
    record Failed(Throwable failure) {}

    KeyDoor(Claim claim, Time time) {
        super(new Claim[] {claim}, time);
        this.claim = claim;
        this.limit = claim.limit();
        this.cost = claim.fixedCost();
    }

    static boolean serves(Claim[] claims) {
        return claims.length == 1 && claims[0].limit().settings().keyed() && claims[0].fixedCost() > 0;
    }

    @Override
    public boolean guardsEntry() {
        return true;
    }

    @Override
    public Object admit(@Nullable Object[] everything) {
        if (Filling.isHere()) {
            return ADMITTED;
        }
        String key;
        try {
            key = claim.key(everything);
        } catch (Throwable failure) {
            return new Failed(failure);
        }
        Meter near = limit.lines().isEmpty() ? limit.near(key) : null;
        return near != null && near.take(cost) == 0 ? ADMITTED : key;
    }
}
