package dev.holdfast.samples.cluster;

import java.util.Locale;

/** What goes wrong while users are there. */
enum Fault {
    NONE,
    /** A node is killed, and started again. */
    NODE,
    /** Redis is killed, and started again. */
    REDIS_KILL,
    /** Redis takes connections and answers nothing, for a while. */
    REDIS_HANG,
    /** The broker is killed, and started again. */
    BROKER,
    /** One after the other. */
    ALL;

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
