package dev.holdfast.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The arguments, one after the other, so that no call can be moved out of the loop; each hashes to a slot of its own. A set for each thread. */
@State(Scope.Thread)
public class Ids {

    static final int COUNT = 64;
    static final String FIRST = id(0);

    private final String[] ids = new String[COUNT];
    private int next;

    /** Made by JMH. */
    public Ids() {
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(i);
        }
    }

    private static String id(int number) {
        return "quote-" + (char) ('0' + number);
    }

    String next() {
        return ids[next++ & (ids.length - 1)];
    }
}
