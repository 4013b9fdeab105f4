package dev.holdfast.runtime.notify.channel;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** One receiver. Used by one thread at a time, which is never interrupted. */
public interface Channel extends Closeable {

    /** How many letters it can take at once: so many unanswered ones may be under way. */
    default int most() {
        return 1;
    }

    /**
     * Hands letters over, in order, and returns when the receiver has answered for all of them.
     *
     * @param letters 1 to {@link #most()}
     * @throws UndeliveredException if the receiver has refused one
     * @throws IOException if the receiver cannot be reached, or did not answer in time; which letters it got nobody knows, and they
     *     are sent again
     */
    void send(List<Letter> letters) throws IOException;

    /** Lets go of connections. Does not throw; may be called by another thread, and so ends a {@link #send} that hangs. */
    @Override
    void close();

    /** Lets go of everything: it is not used any more. By the thread that uses it. */
    default void end() {
        close();
    }
}
