package dev.holdfast.runtime.ratelimit.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import dev.holdfast.runtime.ratelimit.meter.Meters;
import dev.holdfast.runtime.time.Time;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One limit over the cluster, for all values of its key. A meter that is forgotten loses nothing but the permits that it holds: what counts is in the
 * ledger. Where a node goes by its share while that is away, nobody else knows what was used of it; so a meter is kept for as long as that counts.
 *
 * <p>Thread-safe. What is known of all keys together is guarded by a lock of its own, held for a few statements.
 */
final class ClusterLimit implements Meters {

    /** Meters of some hundred bytes each. */
    private static final int MOST_KEYS = 50_000;

    private static final long KEPT_UNUSED_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * A share is kept at least for the time of so many permits of the whole limit: one that is smaller than a permit holds one all the same, and takes long to
     * fill. Who has it forgotten gets a hundredth of the limit by that.
     */
    private static final double KEPT_PERMITS = 100;

    /** How much a round trip counts among those before. */
    private static final double SMOOTHING = 0.1;

    /** Until one is known. The first says more of this JVM than of the network; the second is believed if it is shorter. */
    private static final long FIRST_ROUND_TRIP_NANOS = 5_000_000;

    private final Time time;
    private final Function<String, Ledger> ledgers;
    private final Cache<String, ClusterMeter> meters;

    private final ReentrantLock lock = new ReentrantLock();
    private final Part part;

    private volatile Terms terms;
    private volatile Holding holding;
    private volatile Unavailable whenUnavailable;
    private volatile long roundTripNanos = FIRST_ROUND_TRIP_NANOS;
    private volatile long firstAnswerNanos;
    private volatile boolean answered;
    private volatile boolean isRoundTripKnown;

    /**
     * With those settings.
     *
     * @param ledgers by the value of the key
     */
    ClusterLimit(RateSettings settings, Function<String, Ledger> ledgers, Time time) {
        this.time = time;
        this.ledgers = ledgers;
        this.part = new Part(Part.NEVER_SEEN, time.nanoTime());
        this.terms = Terms.of(settings);
        this.holding = new Holding(terms, roundTripNanos);
        this.whenUnavailable = settings.whenUnavailable();
        this.meters = Caffeine.newBuilder()
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .maximumSize(MOST_KEYS)
                .expireAfterAccess(keptUnusedNanos(), TimeUnit.NANOSECONDS)
                .build();
    }

    @Override
    public Meter meter(String key) {
        return meters.get(key, value -> new ClusterMeter(this, ledgers.apply(value), time));
    }

    @Override
    public void settings(RateSettings settings) {
        Terms now = Terms.of(settings);
        holding = new Holding(now, roundTripNanos);
        terms = now;
        whenUnavailable = settings.whenUnavailable();
        meters.policy()
                .expireAfterAccess()
                .ifPresent(expiry -> expiry.setExpiresAfter(keptUnusedNanos(), TimeUnit.NANOSECONDS));
    }

    /** After so long what was used of a share is forgotten anyway: it has drained from the ledger, and from the share behind that. */
    private long keptUnusedNanos() {
        return whenUnavailable == Unavailable.LOCAL_SHARE
                ? Math.max(KEPT_UNUSED_NANOS, terms.nanosOf(Math.max(2.0 * terms.capacity(), KEPT_PERMITS)))
                : KEPT_UNUSED_NANOS;
    }

    Terms terms() {
        return terms;
    }

    Holding holding() {
        return holding;
    }

    Unavailable whenUnavailable() {
        return whenUnavailable;
    }

    /** Whether there was ever an answer; before, much has to be loaded and connected, and the first takes its time. */
    boolean isAnswered() {
        return answered;
    }

    /** When the first one came, if one has. */
    long firstAnswerNanos() {
        return firstAnswerNanos;
    }

    /** There was one after so long. Of answers that come at once one may count for all. */
    void answered(long nanos) {
        if (!answered) {
            firstAnswerNanos = time.nanoTime();
            answered = true;
            return;
        }
        boolean first = !isRoundTripKnown && nanos < roundTripNanos;
        long smoothed = first ? nanos : (long) (roundTripNanos + SMOOTHING * (nanos - roundTripNanos));
        isRoundTripKnown = true;
        roundTripNanos = smoothed;
        Holding before = holding;
        if (first || Math.abs(smoothed - before.roundTripNanos()) > before.roundTripNanos() / 8) {
            holding = new Holding(terms, smoothed);
        }
    }

    /** Of what was granted for one key, so much was this node's. */
    void granted(long own, long all, long nowNanos) {
        lock.lock();
        try {
            part.granted(own, all, nowNanos);
        } finally {
            lock.unlock();
        }
    }

    /** The part of this node in all keys. */
    double part() {
        lock.lock();
        try {
            return part.part();
        } finally {
            lock.unlock();
        }
    }
}
