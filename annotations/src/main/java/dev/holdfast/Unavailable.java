package dev.holdfast;

/** What holds while Redis cannot be reached. */
public enum Unavailable {

    /** This node goes on with what it knows: for a limit, with its own share of it as it was last known. */
    LOCAL_SHARE,

    /** Every call is let through. */
    ALLOW,

    /** Every call is rejected. */
    DENY
}
