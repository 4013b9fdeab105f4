package dev.holdfast.samples.recover;

import dev.holdfast.Failure;
import dev.holdfast.RecoveryHandler;

/** One answer to every failure, for every method that names it. Thread-safe. */
public final class Apology implements RecoveryHandler {

    @Override
    public Object recover(Failure failure) {
        return "no " + failure.arguments().get(0) + " after " + failure.attempts() + " attempts";
    }
}
