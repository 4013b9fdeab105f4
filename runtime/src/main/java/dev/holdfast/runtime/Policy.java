package dev.holdfast.runtime;

import org.jspecify.annotations.Nullable;

/**
 * One layer around a method. There is one instance for each method (and, where named, shared state behind it), so a policy is
 * thread-safe and keeps nothing of a call.
 *
 * <p>A failure is returned, not thrown: throwing through several frames that are not inlined costs microseconds, and the layers
 * are such frames. What user code throws is caught where it is called.
 */
public interface Policy {

    /**
     * Runs the rest of the call by {@link Call#proceed}, never, once or repeatedly.
     *
     * @return null if the call has a result, else the failure that it ends with as far as this layer goes
     */
    @Nullable
    Throwable apply(Call call);

    /**
     * As {@link #apply(Call)}, for a call that lasts until a stage completes: runs the rest by {@link StagedCall.Rest#proceed}, never, once or
     * repeatedly, and tells the end, exactly once. It blocks no thread.
     */
    void apply(StagedCall.Rest rest, StagedCall.Ending then);

    /**
     * Whether it has something to do before the first attempt or after a good one, so that a call must go through the policies from its
     * start. If not, the policy hears of calls whose first attempt has failed, and of no others.
     */
    boolean guardsEntry();

    /** Whether it can do with a stage as the method returns it, and only watches how that completes: then nobody needs to follow the call. */
    default boolean watchesStages() {
        return false;
    }

    /** A policy that can admit a call on the wrapper's short way, without its arguments and without a {@link Call}. */
    interface Gate extends Policy {

        /**
         * Takes what {@link #apply} would take before the body: negative if there is none to take (then nothing was taken), else
         * a ticket of 0 or more for {@link #exit}. If the body fails, {@link #apply} is called, and finds it by
         * {@link Call#takeTicket}.
         */
        long enter();

        /** The body returned. */
        void exit(long ticket);

        /** The body ended with an error of the JVM, which passes all policies by. */
        void abandon(long ticket);

        /**
         * Whether the calls that the other gate admitted may end here: when the configuration changes, some are under way. If not,
         * this gate admits none.
         */
        boolean takesTicketsOf(Gate earlier);

        @Override
        default boolean guardsEntry() {
            return true;
        }
    }

    /** A policy that can admit a call by its arguments before there is a {@link Call}. */
    interface Door extends Policy {

        /** The answer of {@link #admit} to a call that goes in. */
        Object ADMITTED = new Object();

        /**
         * Takes what {@link #apply(Call)} would take before the body, if that is to be had at once; else takes nothing. It throws nothing, and is called
         * where little of the stack may be left: what must not be left half done, it leaves to {@link #apply(Call)}.
         *
         * @return {@link #ADMITTED}, or what it has found out about the call, which {@link #apply(Call)} finds by {@link Call#known}
         */
        Object admit(@Nullable Object[] everything);

        @Override
        default boolean guardsEntry() {
            return true;
        }
    }

    /**
     * A gate that only notes when a call began, and holds up none. Where another policy guards the entry, it is done without: the beginning is
     * then seen by {@link #apply} or not at all. Its tickets are times, read back by {@link Call#begunNanos}.
     */
    interface Clock extends Gate {

        /**
         * The first attempt ended the call with an error of the JVM, which passes all policies by. Called where little of the stack or of the
         * heap may be left; what it throws is dropped.
         *
         * @param begunNanos when it began, or 0 if that is not known
         */
        void severe(Throwable severe, long begunNanos);

        @Override
        default void exit(long ticket) {
            // Nothing was taken.
        }

        @Override
        default void abandon(long ticket) {
            // Nothing was taken.
        }

        @Override
        default boolean takesTicketsOf(Gate earlier) {
            return earlier instanceof Clock;
        }

        @Override
        default boolean guardsEntry() {
            return false;
        }
    }
}
