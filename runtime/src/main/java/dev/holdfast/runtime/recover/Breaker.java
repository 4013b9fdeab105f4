package dev.holdfast.runtime.recover;

import dev.holdfast.definition.recover.BreakerSettings;
import dev.holdfast.runtime.StackReserve;
import dev.holdfast.runtime.time.Time;

/**
 * Stops calling what keeps failing.
 *
 * <pre>
 *              rate reached                openFor is over, next call
 *   CLOSED ───────────────────► OPEN ───────────────────────────► HALF_OPEN
 *      ▲                          ▲      one failed or was slow       │ │
 *      │                          └───────────────────────────────────┘ │
 *      └────────────────────────────────────────────────────────────────┘
 *                       as many as probes have passed
 * </pre>
 *
 * <p>Closed, it opens when a call ends and then, among the calls of the window, at least {@code minCalls}, the failures or the slow
 * ones have reached their rate. Any call that ends can open it, a success too: the twentieth call after 15 failures and 4
 * successes makes the {@code minCalls} of 20 full. With a failure rate of 50 %, 20 calls of which the last is the tenth failure open it.
 *
 * <p>Half-open, {@code probes} calls are let through and all others rejected. Probes that have not come back after a further
 * {@code openFor} do not hold it up: as many again are let through, and whichever passes counts. (To let only the new ones count would
 * never close it over a service that answers well, but slower than {@code openFor}.)
 *
 * <p>Each state has a tag, which its tickets carry. A call that ends after the state that admitted it has passed changes nothing.
 *
 * <p><b>Ticket</b>, a positive long. Where calls can be slow: 15 bits of tag, 48 bits of the time at which the call began. So a call that
 * lasts longer than 78 hours is measured modulo that, and a tag returns after 32,767 changes of state. Else: 63 bits of tag.
 *
 * <p><b>Cost.</b> Closed, by count, with a window full of good calls and no slowness to measure: entering and succeeding read two
 * volatile fields, write none, and read no clock. All else that changes something takes one lock, which is held for nanoseconds and
 * around no foreign code.
 *
 * <p>Thread-safe. Writes guarded by the lock; {@link #state} is read without it: read it once, it may move under us.
 *
 * <p>Source: Michael Nygard, "Release It!", 2007, Circuit Breaker; rates over windows, slow calls and several probes as the
 * field has them since (resilience4j).
 */
final class Breaker {

    /** Told of each change of state by the thread that caused it, after the fact and outside of locks. Must not throw. */
    interface Listener {

        /**
         * Changes that follow each other at once may be told by two threads, and so in either order.
         *
         * @param why for people, as in {@code 10 of 20 calls failed}
         */
        void moved(BreakerState from, BreakerState to, String why);
    }

    /** What {@link #enter} gives to a call that is rejected. */
    static final long REJECTED = -1;

    private static final int TIME_BITS = 48;
    private static final long TAGS_BESIDE_TIME = (1L << (63 - TIME_BITS)) - 1;

    private final BreakerSettings settings;
    private final Time time;
    private final Listener listener;

    /** The bits of a ticket that are the time; none where no call is ever slow. */
    private final long timeMask;

    private final long slowerThanNanos;

    private final Object lock;

    /** How many states there were; guarded by the lock. */
    private long states;

    private volatile State state;

    Breaker(BreakerSettings settings, Time time, Listener listener) {
        this.settings = settings;
        this.time = time;
        this.listener = listener;
        this.timeMask = timeMask(settings);
        this.slowerThanNanos = Math.min(settings.slowerThanNanos(), timeMask);
        this.lock = new Object();
        this.state = closed();
    }

    /** One that goes on where another stands now. They share the lock, for calls under way end in what they share of the state. */
    private Breaker(BreakerSettings settings, Breaker before) {
        this.settings = settings;
        this.time = before.time;
        this.listener = before.listener;
        this.timeMask = timeMask(settings);
        this.slowerThanNanos = Math.min(settings.slowerThanNanos(), timeMask);
        this.lock = before.lock;
        synchronized (lock) {
            this.states = before.states;
            this.state = carriedOver(before.state, before);
        }
    }

    /**
     * A breaker by other settings that goes on where this one stands: open, half-open, or closed, and if the window is of the same size with what
     * is in it. This one is not to be entered any more; tickets that it gave may be handed back to either.
     */
    Breaker under(BreakerSettings settings) {
        return settings.equals(this.settings) ? this : new Breaker(settings, this);
    }

    /** As it is if its tickets look the same, else with a new tag, and what is under way is not counted. */
    private State carriedOver(State state, Breaker before) {
        boolean sameTickets = timeMask == before.timeMask;
        if (state instanceof Closed) {
            boolean sameWindow = settings.window() == before.settings.window()
                    && settings.windowTimeNanos() == before.settings.windowTimeNanos();
            return sameTickets && sameWindow ? state : closed();
        }
        if (sameTickets) {
            return state;
        }
        return state instanceof Open open
                ? new Open(nextTag(), open.sinceNanos)
                : new HalfOpen(nextTag(), time.nanoTime(), settings.probes());
    }

    /**
     * Asks for admission of one call.
     *
     * @return a ticket, above 0, to be handed back once, whatever happens, by {@link #succeeded}, {@link #failed} or {@link #withdraw}; or
     *     {@link #REJECTED}, below 0
     */
    long enter() {
        State state = this.state;
        if (state instanceof Closed) {
            return timeMask == 0 ? state.tag : ticket(state, time.nanoTime());
        }
        return enterUnlessRejected(state, time.nanoTime());
    }

    /** A call came back well; it may have been slow. */
    void succeeded(long ticket) {
        long now = 0;
        boolean slow = false;
        if (timeMask != 0) {
            now = time.nanoTime();
            slow = isSlow(ticket, now);
        }
        // A late ticket would change nothing either, so the tag need not be looked at here.
        if (!slow && state instanceof Closed closed && closed.window.settled()) {
            return;
        }
        record(ticket, false, slow);
    }

    /** A call failed; it may have been slow too. */
    void failed(long ticket) {
        record(ticket, true, timeMask != 0 && isSlow(ticket, time.nanoTime()));
    }

    /** A call was called off, and says nothing: another may be the probe in its place. */
    void withdraw(long ticket) {
        StackReserve.requireLittle();
        synchronized (lock) {
            if (state instanceof HalfOpen halfOpen && (ticket & ~timeMask) == halfOpen.tag) {
                halfOpen.left = Math.min(halfOpen.left + 1, settings.probes());
            }
        }
    }

    /**
     * How long it will reject for sure.
     *
     * @return 0 if it would not reject now; -1 if that is not known: half-open, with all probes under way
     */
    long retryAfterNanos() {
        State state = this.state;
        if (state instanceof Open open) {
            return Math.max(0, settings.openForNanos() - (time.nanoTime() - open.sinceNanos));
        }
        return state instanceof HalfOpen halfOpen && rejects(halfOpen, time.nanoTime()) ? -1 : 0;
    }

    /** Where it stands. It stays {@link BreakerState#OPEN} until the first call after its time. */
    BreakerState state() {
        return state.name();
    }

    private long enterUnlessRejected(State seen, long now) {
        // The usual fate of a call that comes here, and it needs no lock. At worst it misses a round that is just
        // beginning.
        if (rejects(seen, now)) {
            return REJECTED;
        }
        State from;
        State in;
        long ticket;
        StackReserve.requireLittle();
        synchronized (lock) {
            from = state;
            if (from instanceof Open && !rejects(from, now)) {
                state = new HalfOpen(nextTag(), now, settings.probes());
            }
            in = state;
            ticket = rejects(in, now) ? REJECTED : ticket(in, now);
            if (in instanceof HalfOpen halfOpen && ticket != REJECTED) {
                takeProbe(halfOpen, now);
            }
        }
        if (in != from) {
            listener.moved(from.name(), in.name(), "its time open is over, it lets " + settings.probes() + " through");
        }
        return ticket;
    }

    /** Takes one of this round, or the first of a new one. Called with the lock held. */
    private void takeProbe(HalfOpen halfOpen, long now) {
        int left = halfOpen.left;
        if (left == 0) {
            halfOpen.sinceNanos = now;
            left = settings.probes();
        }
        halfOpen.left = left - 1;
    }

    private void record(long ticket, boolean failed, boolean slow) {
        State from;
        State to;
        String why = "";
        StackReserve.requireLittle();
        synchronized (lock) {
            from = state;
            if ((ticket & ~timeMask) != from.tag) {
                return;
            }
            if (from instanceof Closed closed) {
                long now = settings.windowTimeNanos() == 0 ? 0 : time.nanoTime();
                closed.window.record(failed, slow, now);
                why = whyOpen(closed.window);
                if (!why.isEmpty()) {
                    state = open();
                }
            } else if (from instanceof HalfOpen halfOpen) {
                if (failed || slow) {
                    why = failed ? "a probe failed" : "a probe was slow";
                    state = open();
                } else if (++halfOpen.passed >= settings.probes()) {
                    why = settings.probes() + " probes passed";
                    state = closed();
                }
            }
            to = state;
        }
        if (to != from) {
            listener.moved(from.name(), to.name(), why);
        }
    }

    /** What rate was reached, or nothing. */
    private String whyOpen(Window window) {
        long calls = window.calls();
        if (calls < settings.minCalls()) {
            return "";
        }
        if (reached(settings.failureRate(), window.failures(), calls)) {
            return window.failures() + " of " + calls + " calls failed";
        }
        if (timeMask != 0 && reached(settings.slowRate(), window.slowCalls(), calls)) {
            return window.slowCalls() + " of " + calls + " calls were slow";
        }
        return "";
    }

    /** A percentage such as 1.1 is not quite what a double holds; the last bit of the product is given to the rate. */
    private static boolean reached(double percent, long some, long of) {
        return some * 100.0 >= Math.nextDown(percent * of);
    }

    private boolean isSlow(long ticket, long now) {
        return ((now - ticket) & timeMask) >= slowerThanNanos;
    }

    private boolean rejects(State state, long now) {
        if (state instanceof Open open) {
            return now - open.sinceNanos < settings.openForNanos();
        }
        return state instanceof HalfOpen halfOpen
                && halfOpen.left == 0
                && now - halfOpen.sinceNanos < settings.openForNanos();
    }

    private static long timeMask(BreakerSettings settings) {
        return settings.slowerThanNanos() == 0 ? 0 : (1L << TIME_BITS) - 1;
    }

    private long ticket(State state, long now) {
        return state.tag | (now & timeMask);
    }

    private Closed closed() {
        long windowTime = settings.windowTimeNanos();
        return new Closed(
                nextTag(),
                windowTime == 0 ? new CountWindow(settings.window()) : new TimeWindow(windowTime, time.nanoTime()));
    }

    private Open open() {
        return new Open(nextTag(), time.nanoTime());
    }

    /** Never 0, so that every ticket is positive. */
    private long nextTag() {
        states++;
        return timeMask == 0 ? states : (states % TAGS_BESIDE_TIME + 1) << TIME_BITS;
    }

    private abstract static sealed class State {

        final long tag;

        State(long tag) {
            this.tag = tag;
        }

        abstract BreakerState name();
    }

    private static final class Closed extends State {

        final Window window;

        Closed(long tag, Window window) {
            super(tag);
            this.window = window;
        }

        @Override
        BreakerState name() {
            return BreakerState.CLOSED;
        }
    }

    private static final class Open extends State {

        final long sinceNanos;

        Open(long tag, long sinceNanos) {
            super(tag);
            this.sinceNanos = sinceNanos;
        }

        @Override
        BreakerState name() {
            return BreakerState.OPEN;
        }
    }

    /** Written under the lock; the volatile fields are read without it as well, to reject. */
    private static final class HalfOpen extends State {

        /** When the present round of probes began. */
        volatile long sinceNanos;

        /** Probes of this round that may still enter. */
        volatile int left;

        /** Probes of all rounds that came back well. */
        int passed;

        HalfOpen(long tag, long sinceNanos, int probes) {
            super(tag);
            this.sinceNanos = sinceNanos;
            this.left = probes;
        }

        @Override
        BreakerState name() {
            return BreakerState.HALF_OPEN;
        }
    }
}
