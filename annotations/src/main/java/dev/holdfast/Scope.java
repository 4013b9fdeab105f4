package dev.holdfast;

/** Where the permits of a limit are counted; see {@link RateLimited#scope}. */
public enum Scope {

    /** Over the cluster if the setting {@code holdfast.redis} is given, else in this JVM. */
    AUTO,

    /** In this JVM. */
    LOCAL,

    /** Over all nodes that share a Redis; needs the setting {@code holdfast.redis}. */
    CLUSTER
}
