package dev.holdfast.runtime.recover;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.runtime.time.Time;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The last good results of one method, to fall back on where a call with equal arguments fails.
 *
 * <pre>{@code
 * LastGood.Key key = lastGood.key(receiver, arguments);   // before the body, which may change an array it was given
 * ... result = body ...
 * lastGood.put(key, result);                              // it went well
 * LastGood.Kept kept = lastGood.find(key);                // or it failed: null is none; kept.result() may be null
 * }</pre>
 *
 * <p><b>Keys.</b> The receiver by identity, the arguments by {@code equals}, arrays by their content, however deep; they are copied,
 * as the application may change them. Other arguments are kept as they are: one that is changed after the call is no longer found.
 * Where {@code hashCode} or {@code equals} of an argument throws, nothing is kept and nothing found: the call has a result or a failure
 * of its own, and that is what its caller should see.
 *
 * <p><b>Memory.</b> At most {@link #MOST} results, in the order of Caffeine's W-TinyLFU. How large one is nobody knows, so beyond {@link #FEW}
 * they are softly reachable, all together: the JVM lets go of all of them before it runs out of memory, and may do so where the method has
 * not been called for a second per free megabyte of heap. The receiver is held weakly: a result whose receiver is gone can never be asked for,
 * and goes with its age or the bound. (A result that refers to its receiver keeps it for as long.) Results that are too old are let go of as
 * others come in; no thread and no timer is needed.
 *
 * <p><b>Age.</b> Each result bears its time. Caffeine's own expiry is there for memory alone, a little later: it leaves
 * the time of an entry as it was where it is written twice within a second, so a result put every 100 ms would be gone after
 * the first one's 500.
 *
 * <p>With an age of 1 min: {@code quote("ACME")} gives 42 at 0:00 and 43 at 0:50, and fails at 1:30: 43. It fails at 1:51: none.
 *
 * <p>Thread-safe. Of results that arrive together one stays. {@code equals} of arguments may be called while Caffeine holds the lock of a
 * few entries: it should not wait for another call of the same method.
 */
final class LastGood {

    /** Results of one method: at 1 KB each 10 MB, about what a cache that nobody sized may take unasked. */
    static final int MOST = 10_000;

    /** So many results of one method are kept whatever they take. */
    static final int FEW = 100;

    /** Longer than the second within which Caffeine leaves the time of an entry as it was. */
    private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private volatile long ageNanos;
    private final Time time;

    /** Held while results begin to be kept, and while their age is set. */
    private final ReentrantLock begins = new ReentrantLock();

    private volatile SoftReference<Cache<Key, Kept>> results;

    /** The same, held while they are few. */
    private volatile @Nullable Cache<Key, Kept> few;

    /** For results up to so old, above 0. */
    LastGood(long ageNanos, Time time) {
        this.ageNanos = ageNanos;
        this.time = time;
        this.results = new SoftReference<>(null);
    }

    private @Nullable Cache<Key, Kept> results() {
        return results.get();
    }

    private Cache<Key, Kept> resultsToPutInto() {
        Cache<Key, Kept> present = results();
        return present == null ? begin() : present;
    }

    private Cache<Key, Kept> begin() {
        begins.lock();
        try {
            Cache<Key, Kept> present = results();
            if (present != null) {
                return present;
            }
            Cache<Key, Kept> empty = Caffeine.newBuilder()
                    .maximumSize(MOST)
                    .expireAfterWrite(withSlack(ageNanos), TimeUnit.NANOSECONDS)
                    .ticker(time::nanoTime)
                    .executor(Runnable::run)
                    .build();
            few = empty;
            results = new SoftReference<>(empty);
            return empty;
        } finally {
            begins.unlock();
        }
    }

    /** Sets another age, above 0; for the results that are there as well, as far as they have not been let go of. */
    void age(long ageNanos) {
        begins.lock();
        try {
            if (ageNanos != this.ageNanos) {
                this.ageNanos = ageNanos;
                Cache<Key, Kept> present = results();
                if (present != null) {
                    present.policy()
                            .expireAfterWrite()
                            .ifPresent(expiry -> expiry.setExpiresAfter(withSlack(ageNanos), TimeUnit.NANOSECONDS));
                }
            }
        } finally {
            begins.unlock();
        }
    }

    private static long withSlack(long ageNanos) {
        return Math.min(ageNanos, Long.MAX_VALUE - SLACK_NANOS) + SLACK_NANOS;
    }

    /**
     * What a call is known by; to be made before the body runs.
     *
     * @param receiver null for a static method
     * @param arguments not kept as an array, and not changed
     * @return null if an argument cannot be hashed or copied; nothing is put or found by that
     */
    @Nullable
    Key key(@Nullable Object receiver, @Nullable Object[] arguments) {
        try {
            return new Key(receiver, copy(arguments));
        } catch (Throwable noKey) {
            // Code of the application's, of which not even an error is worth the call: a list that contains itself
            // overflows the stack here.
            return null;
        }
    }

    /** Keeps a result in place of an earlier one. */
    void put(@Nullable Key key, @Nullable Object result) {
        if (key != null) {
            Cache<Key, Kept> all = resultsToPutInto();
            all.put(key, new Kept(result, time.nanoTime()));
            if (few != null && all.estimatedSize() > FEW) {
                few = null;
            }
        }
    }

    /** The last result put for an equal key; null if there is none or it is older than the age. */
    @Nullable
    Kept find(@Nullable Key key) {
        Cache<Key, Kept> present = results();
        Kept kept = key == null || present == null ? null : present.getIfPresent(key);
        return kept != null && time.nanoTime() - kept.atNanos <= ageNanos ? kept : null;
    }

    /** Does what is due, for tests: results that are too old, or too many, go. */
    long sizeAfterCleanUp() {
        Cache<Key, Kept> present = results();
        if (present == null) {
            return 0;
        }
        present.cleanUp();
        return present.estimatedSize();
    }

    private static @Nullable Object[] copy(@Nullable Object[] array) {
        @Nullable Object[] copy = array.clone();
        for (int i = 0; i < copy.length; i++) {
            copy[i] = copyIfArray(copy[i]);
        }
        return copy;
    }

    private static @Nullable Object copyIfArray(@Nullable Object value) {
        if (value == null || !value.getClass().isArray()) {
            return value;
        }
        if (value instanceof Object[] array) {
            return copy(array);
        }
        if (value instanceof byte[] array) {
            return array.clone();
        }
        if (value instanceof int[] array) {
            return array.clone();
        }
        if (value instanceof long[] array) {
            return array.clone();
        }
        if (value instanceof char[] array) {
            return array.clone();
        }
        if (value instanceof double[] array) {
            return array.clone();
        }
        if (value instanceof float[] array) {
            return array.clone();
        }
        if (value instanceof short[] array) {
            return array.clone();
        }
        return ((boolean[]) value).clone();
    }

    /**
     * A result.
     *
     * @param result the very object that the method returned
     * @param atNanos when
     */
    record Kept(@Nullable Object result, long atNanos) {}

    /** Refers to the receiver weakly and to the arguments, copied, strongly. */
    static final class Key extends WeakReference<@Nullable Object> {

        private final boolean isStatic;
        private final @Nullable Object[] arguments;
        private final int hash;

        private Key(@Nullable Object receiver, @Nullable Object[] arguments) {
            super(receiver);
            this.isStatic = receiver == null;
            this.arguments = arguments;
            this.hash = 31 * System.identityHashCode(receiver) + Arrays.deepHashCode(arguments);
        }

        /** Never throws: what cannot be compared is not equal. Caffeine would else be interrupted at its upkeep, too. */
        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            if (!(other instanceof Key key) || hash != key.hash || !hasReceiverOf(key)) {
                return false;
            }
            try {
                return Arrays.deepEquals(arguments, key.arguments);
            } catch (Throwable incomparable) {
                return false;
            }
        }

        /** A receiver that is gone is nobody's. */
        private boolean hasReceiverOf(Key other) {
            Object receiver = get();
            return receiver == null ? isStatic && other.isStatic : receiver == other.get();
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
