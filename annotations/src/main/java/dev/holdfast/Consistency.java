package dev.holdfast;

/** How new what a call sees of its session is; see {@link SharedSession#consistency}. */
public enum Consistency {

    /** Each call sees every commit that was made before it began, on whatever node. It costs one round trip to Redis. */
    STRICT,

    /** A call goes by this node's copy, which is one second old at most. Where there is none, it is as {@link #STRICT}. */
    NEAR
}
