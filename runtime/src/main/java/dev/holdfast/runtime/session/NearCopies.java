package dev.holdfast.runtime.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.runtime.redis.Subscription;
import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this node has seen of sessions. A copy always serves to ask Redis whether it is still so, which is cheaper than to read; and to go on with, while
 * Redis is away. It serves in place of Redis only while it is fresh: read or written less than {@value #FRESH_MILLIS} ms ago, over a time in which
 * this node has heard of every change, and has heard of none that it does not have.
 *
 * <p>Why nothing stale stays: a copy is dated from before it was asked for. Changes that are heard of while it is on its way are noted with
 * the key, and it is compared with them when it comes. When the node has not listened for a while, all copies from before are as good as stale. And
 * if all of that should fail, there is the age.
 *
 * <p>Thread-safe, without locks but those of the maps, which are held for assignments.
 */
final class NearCopies implements Subscription.Listener {

    /** What may be a second old, less what a call takes until it looks at it. */
    static final int FRESH_MILLIS = 950;

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(FRESH_MILLIS);
    private static final long MOST_BYTES = 32L << 20;
    private static final int BYTES_EACH = 200;
    private static final int BYTES_PER_VALUE = 100;
    private static final int MOST_ENDED = 20_000;
    private static final long ANOTHER = Long.MAX_VALUE;

    /** In place of a version, of a session that has another id now. */
    private static final long MOVED = -1;

    private final String prefix;
    private final Time time;
    private final Cache<SessionKey, Copy> copies;

    /** The sessions that were ended (true), or have another id now (false), for who would go on with them once Redis is away. */
    private final Cache<Ended, Boolean> ended;

    private record Ended(SessionKey key, long generation) {}

    /** For keys that somebody is asking about just now, what was heard of them since. */
    private final Map<SessionKey, Asking> asked = new ConcurrentHashMap<>();

    /** One more each time that this node begins to listen or ceases to: odd while it listens. */
    private volatile int era;

    /**
     * What was seen.
     *
     * @param sinceNanos before it was asked for
     * @param era in which it was asked for
     * @param newest the version of the newest that was heard of; {@link #ANOTHER} for another session, or for whatever may be
     */
    record Copy(Known known, long sinceNanos, int era, long newest) {

        Snapshot snapshot() {
            return known.snapshot();
        }

        Copy heardOf(long version) {
            return version == newest ? this : new Copy(known, sinceNanos, era, version);
        }

        /** Whether there is something newer. */
        boolean isSuspect() {
            return !known.isWhole() || newest > known.whole().version();
        }
    }

    /** That somebody asks; guarded by the map. */
    private static final class Asking {

        int askers;

        /** Whether anything was heard, and when that was last. */
        boolean heard;

        long heardNanos;

        /** Whether more than one session of that key was heard of, or that one is no more, and when that was last. */
        boolean mixed;

        long mixedNanos;

        /** The newest that was heard of; 0 for one that is no more. */
        long version;

        /** Of that one. */
        long generation;

        void hear(long version, long generation, long nowNanos) {
            boolean isAnother = version <= 0 || (this.version != 0 && generation != this.generation);
            if (isAnother) {
                mixed = true;
                mixedNanos = nowNanos;
            }
            this.version = isAnother ? version : Math.max(this.version, version);
            this.generation = generation;
            heard = true;
            heardNanos = nowNanos;
        }

        /** Whether a session was heard of since then, and not its end. */
        boolean isThere(long sinceNanos) {
            return heard && version > 0 && heardNanos - sinceNanos >= 0;
        }

        /** Whether nothing else was heard since it was asked for. What was heard before that, Redis knew when it answered. */
        boolean isLatest(Snapshot snapshot, long sinceNanos) {
            boolean isMixed = mixed && mixedNanos - sinceNanos >= 0;
            boolean isHeard = heard && heardNanos - sinceNanos >= 0;
            return !isMixed && (!isHeard || covers(version, generation, snapshot));
        }
    }

    /** A question under way, to be answered by {@link #answered}. */
    final class Question {

        private final SessionKey key;
        private final long sinceNanos = time.nanoTime();
        private final int asOf = era;

        private Question(SessionKey key) {
            this.key = key;
            asked.compute(key, (same, before) -> {
                Asking asking = before == null ? new Asking() : before;
                asking.askers++;
                return asking;
            });
        }

        /** Whether anything was heard of the session since, which is then there. */
        boolean isHeardOf() {
            Asking asking = asked.get(key);
            return asking != null && asking.isThere(sinceNanos);
        }

        /**
         * Takes note of the answer. To be called once, whatever happens.
         *
         * @param snapshot null for none
         * @param isKnown whether there is an answer at all
         */
        void answered(@Nullable Snapshot snapshot, boolean isKnown) {
            // The copy is put there before anybody may cease to note what is heard of the key.
            asked.computeIfPresent(key, (same, asking) -> {
                if (isKnown && snapshot != null) {
                    long newest = asking.isLatest(snapshot, sinceNanos) ? snapshot.version() : ANOTHER;
                    copies.asMap()
                            .merge(key, new Copy(Known.of(snapshot), sinceNanos, asOf, newest), NearCopies::newer);
                } else if (isKnown) {
                    copies.invalidate(key);
                }
                return --asking.askers == 0 ? null : asking;
            });
        }

        /**
         * The same for a change of this node's own. That is as good as heard of: who has asked before, and is answered after, shall not make others believe
         * what was there before it. Where others have changed the session, too, what is known of it is not all, and serves only while Redis is away.
         */
        void stored(Committed.Stored stored, Change change, Lifetime lifetime) {
            heard(key, stored.version(), stored.generation());
            if (stored.snapshot() == null) {
                copies.asMap().compute(key, (same, copy) -> with(stored, change, lifetime, copy));
            }
            answered(stored.snapshot(), stored.snapshot() != null);
        }

        private @Nullable Copy with(Committed.Stored stored, Change change, Lifetime lifetime, @Nullable Copy copy) {
            Snapshot base = change.base();
            Copy before = copy == null && base != null && !base.isOwn()
                    ? new Copy(Known.of(base), sinceNanos, asOf, ANOTHER)
                    : copy;
            if (before == null || before.known().generation() != stored.generation()) {
                Known own = Known.ofNothing(stored.generation(), time.epochMillis(), lifetime)
                        .with(stored, change, lifetime);
                return new Copy(own, sinceNanos, asOf, ANOTHER);
            }
            long askedNanos = before.sinceNanos() - sinceNanos < 0 ? sinceNanos : before.sinceNanos();
            return new Copy(before.known().with(stored, change, lifetime), askedNanos, before.era(), before.newest());
        }
    }

    /**
     * Before anything is seen.
     *
     * @param prefix of every key in Redis
     */
    NearCopies(String prefix, Time time) {
        this.prefix = prefix;
        this.time = time;
        this.copies = Caffeine.newBuilder()
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .maximumWeight(MOST_BYTES)
                .weigher(NearCopies::weigh)
                .expireAfterAccess(Duration.ofMinutes(30))
                .build();
        this.ended = Caffeine.newBuilder()
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .maximumSize(MOST_ENDED)
                .expireAfterWrite(Duration.ofMinutes(Debts.MOST_MINUTES))
                .build();
    }

    private static int weigh(SessionKey key, Copy copy) {
        long bytes = BYTES_EACH;
        for (Map.Entry<String, Snapshot.Attribute> one :
                copy.snapshot().attributes().entrySet()) {
            bytes += BYTES_PER_VALUE
                    + one.getKey().length() * 2L
                    + one.getValue().value().length;
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes + copy.known().bytesSince());
    }

    /**
     * Of two copies of one session the one with more changes, unless the other was asked for so much later that Redis has lost some; of two sessions of
     * one key that which was asked for later, unless something newer than it was heard of.
     */
    private static Copy newer(Copy before, Copy now) {
        Snapshot one = before.known().whole();
        Snapshot other = now.known().whole();
        long laterNanos = now.sinceNanos() - before.sinceNanos();
        if (one.generation() != other.generation()) {
            return laterNanos < 0 && !before.isSuspect() ? before : now;
        }
        if (laterNanos >= FRESH_NANOS) {
            return now;
        }
        return other.version() < one.version()
                ? before
                : new Copy(before.known().with(other), now.sinceNanos(), now.era(), now.newest());
    }

    private static boolean covers(long version, long generation, Snapshot snapshot) {
        return generation == snapshot.generation() && version <= snapshot.version();
    }

    /** Before Redis is asked about a session, or told of a change. */
    Question ask(SessionKey key) {
        return new Question(key);
    }

    /** What was seen last; null for nothing. */
    @Nullable
    Copy find(SessionKey key) {
        return copies.getIfPresent(key);
    }

    /** Notes that a session is used which nobody else can be told of. */
    void use(SessionKey key, long nowMillis) {
        copies.asMap().computeIfPresent(key, (same, copy) -> {
            long usedMillis = Math.max(nowMillis, copy.snapshot().lastUsedMillis());
            return new Copy(copy.known().usedAt(usedMillis), copy.sinceNanos(), copy.era(), copy.newest());
        });
    }

    /** Whether it may stand for what is in Redis. */
    boolean isFresh(Copy copy) {
        return isBelieved(copy) && time.nanoTime() - copy.sinceNanos() < FRESH_NANOS;
    }

    /** Whether this node would have heard, a moment after it, that it is out of date, and has not. */
    boolean isBelieved(Copy copy) {
        int now = era;
        return !copy.isSuspect() && copy.era() == now && (now & 1) == 1;
    }

    /** Whether nothing had happened to the session when Redis was heard of last. */
    boolean isAssured(Copy copy) {
        int now = era;
        return !copy.isSuspect() && (copy.era() & 1) == 1 && (copy.era() == now || copy.era() == now - 1);
    }

    /** Takes note that there is something newer. */
    void doubt(SessionKey key) {
        copies.asMap().computeIfPresent(key, (same, copy) -> copy.heardOf(ANOTHER));
    }

    /** Forgets one session of that key; of another one there may be something newer. */
    void forget(SessionKey key, long generation) {
        copies.asMap()
                .computeIfPresent(
                        key, (same, copy) -> copy.known().generation() == generation ? null : copy.heardOf(ANOTHER));
    }

    /** Forgets what was seen. */
    void forget(SessionKey key) {
        copies.invalidate(key);
    }

    /**
     * Takes what is known to have been stored, though others may have changed it since: to go on with, should Redis go away at once.
     *
     * @param sinceNanos before it was stored
     */
    void keep(SessionKey key, Known known, long sinceNanos) {
        ended.invalidate(new Ended(key, known.generation())); // it may have been restored
        Copy kept = new Copy(known, sinceNanos, era, ANOTHER);
        copies.asMap()
                .merge(
                        key,
                        kept,
                        (before, now) -> before.known().generation() == known.generation()
                                ? new Copy(before.known().with(known), sinceNanos, before.era(), ANOTHER)
                                : before.sinceNanos() - sinceNanos > 0 ? before : now);
    }

    /**
     * This node has ended it: as good as heard of.
     *
     * @param generation 0 if it is not known
     */
    void ended(SessionKey key, long generation) {
        heard(key, 0, generation);
    }

    /** The same for one that has another id now. */
    void moved(SessionKey key, long generation) {
        heard(key, MOVED, generation);
    }

    /** Takes back that it has another id now: it was a call of this node that gave it that, and goes on with it here. */
    void unmoved(SessionKey key, long generation) {
        ended.invalidate(new Ended(key, generation));
    }

    /** Whether a session is known to be no more under that id, so that nobody goes on with it there. */
    boolean isGone(SessionKey key, Snapshot known) {
        return ended.getIfPresent(new Ended(key, known.generation())) != null;
    }

    /** Whether it is known to have been ended, so that it has no other id either, which what is owed could go to. */
    boolean isEnded(SessionKey key, Snapshot known) {
        return Boolean.TRUE.equals(ended.getIfPresent(new Ended(key, known.generation())));
    }

    @Override
    public void listening() {
        era = (era + 1) | 1;
    }

    @Override
    public void deaf() {
        era = (era | 1) + 1;
    }

    /**
     * A key, a version and a generation, with spaces between; version 0 for a session that was ended, and {@value #MOVED} for one that has another id now.
     */
    @Override
    public void heard(String message) {
        int second = message.lastIndexOf(' ');
        int first = message.lastIndexOf(' ', second - 1);
        SessionKey key = first < 0 ? null : SessionKey.ofRedisKey(message.substring(0, first), prefix);
        if (key == null) {
            return;
        }
        heard(key, number(message.substring(first + 1, second)), number(message.substring(second + 1)));
    }

    private void heard(SessionKey key, long version, long generation) {
        if (version <= 0 && generation != 0) {
            Ended one = new Ended(key, generation);
            if (version == 0) {
                ended.put(one, true);
            } else {
                ended.asMap().putIfAbsent(one, false);
            }
        }
        asked.computeIfPresent(key, (same, asking) -> {
            asking.hear(version, generation, time.nanoTime());
            return asking;
        });
        copies.asMap().computeIfPresent(key, (same, copy) -> {
            boolean isThis = generation == copy.known().generation();
            if (version <= 0 && (isThis || generation == 0)) {
                return null;
            }
            long newest = isThis ? Math.max(version, copy.newest()) : ANOTHER;
            return copy.heardOf(newest);
        });
    }

    /** What is no number is as good as one that nobody has. */
    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException other) {
            return Long.MAX_VALUE;
        }
    }
}
