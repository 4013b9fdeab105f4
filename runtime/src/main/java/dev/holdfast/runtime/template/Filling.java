package dev.holdfast.runtime.template;

import dev.holdfast.runtime.StackReserve;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether the current thread is filling in a template by code of the application's: a getter, a {@code toString}. Such a method may be woven itself,
 * most of all where a class as a whole bears the annotation whose template it is. Nobody has called it but the template; to ask the template
 * about it again would never end. So it pays no limit, and no session begins for it.
 *
 * <p>Thread-safe. While no thread does, to look costs one read.
 */
public final class Filling {

    /** Threads that do. */
    private static final AtomicInteger ANYWHERE = new AtomicInteger();

    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private Filling() {}

    /** Whether it is. */
    public static boolean isHere() {
        return ANYWHERE.get() != 0 && DEPTH.get()[0] != 0;
    }

    /** {@link #end} must follow. */
    static void begin() {
        StackReserve.requireLittle(); // for the end, too
        ANYWHERE.incrementAndGet();
        DEPTH.get()[0]++;
    }

    static void end() {
        DEPTH.get()[0]--;
        ANYWHERE.decrementAndGet();
    }
}
