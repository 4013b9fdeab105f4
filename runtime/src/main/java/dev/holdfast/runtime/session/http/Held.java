package dev.holdfast.runtime.session.http;

/** An exchange whose response is held. */
interface Held {

    /** Its response. */
    HeldResponse response();
}
