package dev.holdfast.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The arguments, one after the other, so that no call can be moved out of the loop. A set for each thread. */
@State(Scope.Thread)
public class Ids {

    private final String[] ids = new String[16];
    private int next;

    /** Made by JMH. */
    public Ids() {
        for (int i = 0; i < ids.length; i++) {
            ids[i] = "quote-" + i;
        }
    }

    String next() {
        return ids[next++ & (ids.length - 1)];
    }
}
