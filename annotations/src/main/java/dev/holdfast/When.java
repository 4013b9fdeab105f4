package dev.holdfast;

/** At which end of a call others are told of a failure. */
public enum When {

    /** The call failed after its attempts, also where a fallback, a handler or a last good result hid that from the caller. */
    FAILED,

    /** The caller saw the failure, or was answered over HTTP that there was one. */
    UNRECOVERED,

    /** Each attempt that failed, whatever became of the call: each execution of the body, and not what was rejected before that. */
    EVERY_ATTEMPT
}
