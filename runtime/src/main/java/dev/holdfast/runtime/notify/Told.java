package dev.holdfast.runtime.notify;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.time.CoarseClock;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The failures that were told lately, so that one that passes through several methods is told once to each channel, by the innermost that has
 * it. Known by identity, also as the cause of another.
 *
 * <p>Some programs throw one object again and again, and each time is another failure. What tells these apart is when they were told: what was
 * told before a call had begun has not come out of that call, and what this thread has told since then has. So whoever tells moves the clock on
 * by which calls begin ({@link CoarseClock#passed}), however slow that is. The levels of a recursion count as one method.
 *
 * <p>What another thread has told meanwhile may have nothing to do with this call. It has come out of it if the stack trace says that the object
 * was made in there, so not if it was made before and is thrown by everybody; where calls end with a stage there is no such trace, and it has
 * unless the object was found to be thrown again, or the calls are of one method, which may all have been given the same stage. Where nobody saw when a call began, the stack trace must have both methods in it, and a
 * recursion lets an object pass as often as its method stands in there; an object without one is the same failure if it comes at once.
 *
 * <p>Thread-safe, without locks: a table of which a place may be overwritten. The price is that a failure may be told twice where two share a
 * place. No code of the application's runs here: of an exception with a {@code getCause} of its own the causes are not looked at.
 */
final class Told {

    private static final int PLACES = 512;
    private static final int DEEPEST = 16;
    private static final long LATELY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long AT_ONCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String BODY = "$holdfast";

    /** So many frames a stack trace has at most, unless the JVM is told otherwise. */
    private static final int MOST_FRAMES = 1_024;

    private static final int NOT_COUNTED = -1;

    /** Read and written without ordering: whoever hands a failure to another thread sees to it that what was done before is seen there. */
    private final @Nullable Mark[] marks = new Mark[PLACES];

    /**
     * A failure that was seen.
     *
     * @param method the innermost that meant it
     * @param levels through how many more calls of that method it may pass, or {@link #NOT_COUNTED}
     * @param again whether it was thrown more than once
     * @param channels that were told of it, by any method
     * @param last the method that told it last
     * @param lastOfAttempt whether that was of an attempt
     * @param before the channels that were told before it came to that one
     */
    private record Mark(
            WeakReference<Throwable> failure,
            Place method,
            boolean ofAttempt,
            long thread,
            long nanos,
            int levels,
            boolean again,
            List<String> channels,
            Place last,
            boolean lastOfAttempt,
            List<String> before) {

        Mark passing(int left) {
            return new Mark(
                    failure, method, ofAttempt, thread, nanos, left, again, channels, last, lastOfAttempt, before);
        }

        Mark toldBy(Place by, boolean ofAttempt, List<String> all, List<String> before) {
            return new Mark(failure, method, this.ofAttempt, thread, nanos, levels, again, all, by, ofAttempt, before);
        }

        /** The channels that were told further inside: an attempt and its call, which are told beside each other, do not count. */
        List<String> inside(Place place, boolean ofAttempt) {
            return last.is(place) && lastOfAttempt != ofAttempt ? before : channels;
        }
    }

    /**
     * A method.
     *
     * @param text as messages name it, which tells it from all others
     * @param body what its moved body is called
     * @param isStaged whether its calls may end on another thread, after it has returned
     */
    record Place(String text, String type, String body, boolean isStaged) {

        static Place of(GuardedMethod method) {
            return new Place(
                    method.place(),
                    method.owner().getName(),
                    method.method().getName().concat(BODY),
                    method.returnsStage());
        }

        boolean is(Place other) {
            return text.equals(other.text);
        }

        /** How often its body stands in a stack trace. */
        int levels(Throwable failure) {
            if (!Inquiry.isPlain(failure)) {
                return 1;
            }
            StackTraceElement[] trace = failure.getStackTrace();
            if (trace.length >= MOST_FRAMES) {
                return Integer.MAX_VALUE; // nobody knows
            }
            int levels = 0;
            for (StackTraceElement frame : trace) {
                if (frame.getMethodName().equals(body) && frame.getClassName().equals(type)) {
                    levels++;
                }
            }
            return levels;
        }
    }

    /**
     * Looks at a failure that a method means.
     *
     * @param method where it is seen now
     * @param ofAttempt whether it is that of an attempt, which is told beside its call
     * @param nanos the time
     * @param durationNanos how long ago the call began, or longer; {@link Tellers#NOT_SEEN} if nobody knows
     */
    Passage look(Throwable failure, Place method, boolean ofAttempt, long nanos, long durationNanos) {
        Passage passage = new Passage(failure, method, ofAttempt, nanos, durationNanos);
        Throwable one = failure;
        for (int i = 0; one != null && i < DEEPEST && !passage.isOver; i++) {
            int place = place(one);
            Mark mark = marks[place];
            if (mark != null && mark.failure().get() == one) {
                passage.meet(mark, place, one);
            }
            one = Inquiry.isPlain(one) ? one.getCause() : null;
        }
        return passage;
    }

    /** One failure at one method, on its way out. Not thread-safe. */
    final class Passage {

        private final Throwable failure;
        private final Place method;
        private final boolean ofAttempt;
        private final long nanos;
        private final long durationNanos;

        /** It has been here, further inside. */
        private boolean isOver;

        /** What is known of this very failure, from further inside; null if nothing is. */
        private @Nullable Mark mark;

        private boolean again;
        private int levels = NOT_COUNTED;
        private List<String> inside = List.of();
        private List<String> own = List.of();

        private Passage(Throwable failure, Place method, boolean ofAttempt, long nanos, long durationNanos) {
            this.failure = failure;
            this.method = method;
            this.ofAttempt = ofAttempt;
            this.nanos = nanos;
            this.durationNanos = durationNanos;
        }

        private void meet(Mark known, int place, Throwable one) {
            boolean here = known.thread() == Thread.currentThread().getId();
            long age = nanos - known.nanos();
            if (!known.method().is(method)) {
                if (isOutOfThisCall(known, one, here, age)) {
                    inside = both(inside, known.inside(method, ofAttempt));
                    mark = one == failure ? known : mark;
                } else {
                    again |= one == failure && !ofAttempt && !known.ofAttempt();
                }
                return;
            }
            if (ofAttempt || known.ofAttempt()) {
                if (here && age < LATELY_NANOS && known.last().is(method)) {
                    inside = both(inside, known.before());
                }
                return;
            }
            if (durationNanos != Tellers.NOT_SEEN && !method.isStaged()) {
                isOver = isOutOfThisCall(known, one, here, age);
            } else if (here && age < LATELY_NANOS) {
                int left = known.levels() == NOT_COUNTED ? method.levels(one) - 1 : known.levels();
                marks[place] = known.passing(left == Integer.MAX_VALUE ? left : Math.max(0, left - 1));
                isOver = left > 0;
                known = known.passing(0);
            }
            if (one == failure && !isOver) {
                again = true;
                levels = known.levels();
            }
        }

        /** Whether what was told there has come out of the call that looks at it here. */
        private boolean isOutOfThisCall(Mark known, Throwable one, boolean here, long age) {
            boolean mayEndElsewhere = known.method().isStaged() || method.isStaged();
            if (durationNanos == Tellers.NOT_SEEN) {
                boolean atOnce = here && age < AT_ONCE_NANOS;
                if (!mayEndElsewhere && isTraceless(one)) {
                    return atOnce && !known.again();
                }
                boolean isThrough = mayEndElsewhere
                        || (known.method().levels(one) > 0 && (here ? method.levels(one) > 0 : one != failure));
                return isThrough && (known.again() ? atOnce : age < LATELY_NANOS);
            }
            if (age > durationNanos) {
                return false;
            }
            if (mayEndElsewhere) {
                return !known.again() || (here && age < AT_ONCE_NANOS);
            }
            return here || (!known.again() && known.method().levels(one) > 0);
        }

        /** Those of the channels that nobody further inside has told; the same list where that is all. */
        List<String> left(List<String> channels) {
            if (isOver) {
                return List.of();
            }
            if (inside.isEmpty() || Collections.disjoint(inside, channels)) {
                return channels;
            }
            return channels.stream()
                    .filter(channel -> !inside.contains(channel))
                    .toList();
        }

        /** The channels are told, or will be. */
        void told(List<String> channels) {
            own = both(own, channels);
        }

        /** The same channels as of another failure, of which this one came. */
        void told(Passage other) {
            told(other.isOver ? List.of() : both(other.inside, other.own));
        }

        /** All who look at it here have. */
        void end() {
            if (isOver) {
                return;
            }
            Mark known = mark;
            if (known == null) {
                marks[place(failure)] = new Mark(
                        new WeakReference<>(failure),
                        method,
                        ofAttempt,
                        Thread.currentThread().getId(),
                        nanos,
                        levels,
                        again,
                        both(inside, own),
                        method,
                        ofAttempt,
                        inside);
            } else if (!own.isEmpty()) {
                marks[place(failure)] = known.toldBy(method, ofAttempt, both(known.channels(), own), inside);
            }
        }
    }

    private static List<String> both(List<String> some, List<String> others) {
        if (others.isEmpty() || some == others) {
            return some;
        }
        if (some.isEmpty()) {
            return others;
        }
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    private static boolean isTraceless(Throwable failure) {
        return Inquiry.isPlain(failure) && failure.getStackTrace().length == 0;
    }

    private static int place(Throwable failure) {
        return System.identityHashCode(failure) & (PLACES - 1);
    }
}
