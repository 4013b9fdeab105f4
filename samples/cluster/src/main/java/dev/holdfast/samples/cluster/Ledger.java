package dev.holdfast.samples.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** Account of what users saw, and of what was done to the stage meanwhile. Thread-safe. */
final class Ledger {

    /** What is counted. */
    enum Count {
        REQUESTS,
        SESSIONS,
        /** 429, as promised. */
        TOO_MANY,
        /** A 503 by Holdfast, with when to come again: who was made to wait for Redis for five seconds. */
        COME_AGAIN,
        /** A POST was under way on a node that was killed. Nginx may not send it again, so the user does. */
        CUT_OFF,
        LOST,
        STALE,
        RESURRECTED
    }

    /** An order that a user was told could not be paid, and when; by {@link System#nanoTime}. */
    record Unpaid(String order, String node, long nanos) {}

    private record Kill(String node, long nanos) {}

    private static final long BEFORE_KILL = Duration.ofMillis(500).toNanos();
    private static final long AFTER_KILL = Duration.ofSeconds(3).toNanos();
    private static final int MOST_ERRORS = 100;

    private final long begun = System.nanoTime();
    private final Map<Count, LongAdder> counts = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> perNode = new ConcurrentHashMap<>();
    private final LongAdder errors = new LongAdder();
    private final ConcurrentLinkedQueue<String> errorTexts = new ConcurrentLinkedQueue<>();
    private final Map<String, String> paid = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Unpaid> unpaid = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> uncertain = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Kill> kills = new ConcurrentLinkedQueue<>();

    void count(Count what) {
        counts.computeIfAbsent(what, none -> new LongAdder()).increment();
    }

    long of(Count what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    /** An answer that came from a node. */
    void answered(String node) {
        perNode.computeIfAbsent(node, none -> new LongAdder()).increment();
    }

    long answeredBy(String node) {
        LongAdder count = perNode.get(node);
        return count == null ? 0 : count.sum();
    }

    /** Something that nobody has promised. */
    void error(String what) {
        errors.increment();
        if (errorTexts.size() < MOST_ERRORS) {
            errorTexts.add(String.format("%6.2f s  %s", (System.nanoTime() - begun) / 1e9, what));
        }
    }

    long errors() {
        return errors.sum();
    }

    List<String> errorTexts() {
        return new ArrayList<>(errorTexts);
    }

    void paid(String order, String customer) {
        paid.put(order, customer);
    }

    Map<String, String> paid() {
        return paid;
    }

    void unpaid(String order, String node) {
        unpaid.add(new Unpaid(order, node, System.nanoTime()));
    }

    List<Unpaid> unpaid() {
        return new ArrayList<>(unpaid);
    }

    /** Nobody was told what has become of this order, as the answer was cut off. */
    void uncertain(String order) {
        uncertain.add(order);
    }

    List<String> uncertain() {
        return new ArrayList<>(uncertain);
    }

    /** Told right before a node is killed. */
    void kill(String node) {
        kills.add(new Kill(node, System.nanoTime()));
    }

    /** Whether what broke off just now may have been on a node that was killed. */
    boolean mayBeCutOff() {
        long now = System.nanoTime();
        return kills.stream().anyMatch(kill -> now - kill.nanos() < AFTER_KILL);
    }

    /** Whether the node was killed right after it had answered: what it had not yet written down may be lost. */
    boolean killedRightAfter(Unpaid order) {
        return kills.stream()
                .anyMatch(kill -> kill.node().equals(order.node())
                        && kill.nanos() - order.nanos() > -AFTER_KILL
                        && kill.nanos() - order.nanos() < BEFORE_KILL);
    }
}
