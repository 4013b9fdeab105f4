package dev.holdfast.benchmarks.libraries;

/** What is guarded. A JVM that measures loads one subclass alone, so that it calls it directly whatever stands in between. */
public abstract class Upstream {

    /**
     * The body.
     *
     * @throws QuoteUnavailable every time, from an upstream that fails
     */
    public abstract Quote ask(String id);

    /** The fallback. It needs no argument: not every library hands it those of the call. */
    public abstract Quote cached();
}
