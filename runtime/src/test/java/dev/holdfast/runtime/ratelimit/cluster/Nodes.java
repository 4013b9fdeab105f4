package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import dev.holdfast.runtime.time.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.function.DoubleSupplier;

/**
 * Nodes that share a limit, in virtual time, on one thread. Each has a monotonic clock of its own, with an origin of its own. A question is decided at the time of
 * the event that led to it; it was sent a little before, and its answer arrives a little later.
 */
final class Nodes {

    /** One call that came through. */
    record Admitted(int node, long nanos, long cost) {}

    private final SplittableRandom random;
    private final ModelLedger ledger;
    private final List<Node> nodes = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>((a, b) -> Long.compare(a.nanos, b.nanos));
    final List<Admitted> admitted = new ArrayList<>();

    /** What the clock of Redis shows beside the true time. */
    long jumpMicros;

    long nowNanos;
    private long decidedNanos;
    long calls;
    long rejected;

    /** How long after it has taken its permits a call gives them back; below 0 if it uses them. */
    DoubleSupplier holding = () -> -1;

    /** How long a question and an answer take, in nanoseconds. */
    DoubleSupplier latency;

    /** How much later than it should somebody who waits for his turn is there. */
    DoubleSupplier late = () -> 0;

    private record Event(long nanos, Node node, Runnable what) {}

    /** One of them. */
    final class Node implements Time, Ledger {

        final int number;
        final long origin = random.nextLong();
        final double callsPerNano;
        final long cost;
        final ClusterLimit limit;
        long localNanos;
        boolean dead;
        private boolean lined;
        private boolean anyWent;
        private long wentNanos;

        /** Who stand in line, by when they came. */
        final ArrayDeque<Long> line = new ArrayDeque<>();

        long patience = Long.MAX_VALUE;

        Node(int number, double callsPerNano, long cost, RateSettings settings) {
            this.number = number;
            this.callsPerNano = callsPerNano;
            this.cost = cost;
            this.limit = new ClusterLimit(settings, key -> this, this);
        }

        @Override
        public void prepare() {}

        @Override
        public long nanoTime() {
            return origin + localNanos;
        }

        @Override
        public void sleep(long nanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean await(Semaphore signal, long nanos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long epochMillis() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Scheduled schedule(long delayNanos, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Scheduled scheduleWork(long delayNanos, Runnable task) {
            events.add(new Event(Math.max(nowNanos, localNanos), this, task)); // others go on meanwhile
            return () -> {};
        }

        @Override
        public Grant ask(Terms terms, Ask ask) throws RedisUnavailableException {
            localNanos = Math.max(localNanos, nowNanos);
            decidedNanos = localNanos; // the second question of an event is decided later than the first
            Grant grant = ledger.ask(terms, ask);
            decidedNanos = 0;
            localNanos += (long) latency.getAsDouble();
            return grant;
        }

        @Override
        public boolean isAvailable() {
            return ledger.isAvailable();
        }

        /** Where somebody has gone since then, a thread of its own would be told from his; here is one thread for all. */
        private void giveBack(long since) {
            localNanos = Math.max(localNanos, nowNanos);
            if (anyWent && wentNanos - since >= 0) {
                return;
            }
            limit.meter("").giveBack(cost, since);
        }

        /** Somebody joins the line. */
        void join() {
            lined = true;
            line.add(nowNanos);
            if (line.size() == 1) {
                first(nowNanos);
            }
        }

        /** The one who stands first asks, as it should be his turn. */
        private void first(long dueNanos) {
            localNanos = Math.max(localNanos, dueNanos);
            while (!line.isEmpty() && localNanos - line.element() > patience) {
                line.remove();
                rejected++;
            }
            if (line.isEmpty()) {
                limit.meter("").nobodyWaits();
                return;
            }
            long left = patience - (localNanos - line.element());
            long wait = limit.meter("").take(cost, (line.size() - 1) * cost, left);
            if (wait == 0) {
                went();
            } else if (wait > left) {
                rejected++; // at once
            }
            if (wait == 0 || wait > left) {
                line.remove();
                if (line.isEmpty()) {
                    limit.meter("").nobodyWaits();
                    return;
                }
                wait = 0;
            }
            long due = localNanos + wait + (long) late.getAsDouble();
            events.add(new Event(due + (long) (100_000 * random.nextDouble()), this, () -> first(due)));
        }

        private void went() {
            admitted.add(new Admitted(number, localNanos, cost));
            anyWent = lined;
            wentNanos = nanoTime();
        }

        void call() {
            localNanos = Math.max(localNanos, nowNanos - (long) latency.getAsDouble());
            calls++;
            long since = nanoTime();
            long wait = limit.meter("").take(cost);
            long held = wait > 0 ? -1 : (long) holding.getAsDouble();
            if (held >= 0) {
                events.add(new Event(localNanos + held, this, () -> giveBack(since)));
            } else if (wait == 0) {
                went();
            } else {
                rejected++;
            }
        }
    }

    private void callAgainLater(Node node) {
        node.call();
        events.add(later(node));
    }

    private Event later(Node node) {
        return new Event(Math.max(nowNanos + gap(node), node.localNanos), node, () -> callAgainLater(node));
    }

    Nodes(long seed) {
        this.random = new SplittableRandom(seed);
        this.latency = () -> 50_000 + 200_000 * random.nextDouble() * random.nextDouble();
        this.ledger =
                new ModelLedger(() -> 1_700_000_000_000_000L + Math.max(nowNanos, decidedNanos) / 1000 + jumpMicros);
    }

    ModelLedger ledger() {
        return ledger;
    }

    List<Node> nodes() {
        return nodes;
    }

    /** Adds one that calls at random times, so often on average. */
    Node add(double callsPerSecond, long cost, RateSettings settings) {
        Node node = new Node(nodes.size(), callsPerSecond / 1e9, cost, settings);
        nodes.add(node);
        events.add(later(node));
        return node;
    }

    private long gap(Node node) {
        return 1 + (long) (-Math.log(1 - random.nextDouble()) / node.callsPerNano);
    }

    /** Adds one where nobody calls until somebody joins the line. */
    Node addLine(long cost, RateSettings settings) {
        Node node = new Node(nodes.size(), 0, cost, settings);
        nodes.add(node);
        return node;
    }

    /** Lets so many join the line at that time. */
    void joinAt(long nanos, Node node, int callers) {
        events.add(new Event(nanos, node, () -> {
            for (int i = 0; i < callers; i++) {
                node.join();
            }
        }));
    }

    /** Lets them call until then. */
    void runUntil(long nanos) {
        while (!events.isEmpty() && events.peek().nanos <= nanos) {
            Event event = events.remove();
            Node node = event.node;
            if (node.dead) {
                continue;
            }
            nowNanos = event.nanos;
            event.what.run();
        }
        nowNanos = nanos;
    }

    /** By how many permits the fullest of all windows of time exceeds the promise of a bucket, or falls short of it if negative. */
    double excess(long permits, long perNanos, long burst) {
        List<Admitted> sorted = new ArrayList<>(admitted);
        sorted.sort((a, b) -> Long.compare(a.nanos, b.nanos));
        double level = 0;
        double most = 0;
        long before = 0;
        for (Admitted one : sorted) {
            level = Math.max(0, level - (one.nanos - before) * ((double) permits / perNanos)) + one.cost;
            most = Math.max(most, level);
            before = one.nanos;
        }
        return most - burst;
    }

    long permits() {
        return admitted.stream().mapToLong(Admitted::cost).sum();
    }
}
