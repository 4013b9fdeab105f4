package dev.holdfast.runtime.notify.journal;

import java.io.IOException;
import java.util.List;

/** What there is for one channel. Used by the one thread of that channel. */
public interface Unread {

    /** The next entries, in order; none if there are none now. They are given once, and are kept until {@link #done}. */
    List<Entry> read(int most) throws IOException;

    /** Everything is handed over up to that number. */
    void done(long number) throws IOException;

    /** Gives all once more that is not done: what was given out is forgotten by who took it. */
    void rewind();

    /** How many entries were lost since this was last asked, as there was no more room for them. */
    long takeLost();
}
