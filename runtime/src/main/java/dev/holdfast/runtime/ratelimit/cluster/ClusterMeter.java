package dev.holdfast.runtime.ratelimit.cluster;

import dev.holdfast.Algorithm;
import dev.holdfast.Unavailable;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import dev.holdfast.runtime.time.Time;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The permits of one limit over the cluster, for one value of its key, as this node sees them.
 *
 * <p>Three questions, the cheapest first. Is there a lease with permits left, or a reservation? Has the ledger said no, and until when? Else the ledger is asked, in one
 * round trip that all who come in the meantime share. What it grants beyond what they need is the next lease. For the first in a line it reserves what
 * those behind are going to need as well. While it cannot be asked, the node goes by its share.
 *
 * <p>Thread-safe. Lease, reservation and denial are immutable or thread-safe; whoever leads a round replaces them, and they are read without a lock.
 */
final class ClusterMeter implements Meter {

    /** Redis is looked for so often while it is away, so it makes no sense to come back earlier. */
    private static final long AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** After a question that was not answered there is none for so long: a call may ask twice, and is not to wait twice. */
    private static final long UNANSWERED_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Outcome of a turn: the ledger has not answered. */
    private static final long AWAY = -3;

    /** Who has waited for longer begins no other question: a decision takes 120 ms at most, of which a question may take 70. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Or for so many usual round trips, where these are longer. */
    private static final int PATIENCE_ROUND_TRIPS = 4;

    /** In which the others are sure to be here, or else there is no answer at all. */
    private static final long EXCHANGED_HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** {@link #takeKnown}: the ledger has to be asked. */
    private static final long UNKNOWN = -1;

    /** Who has to wait for his turn for so many round trips may see to it that there are turns after his. */
    private static final int PROLONG_ROUND_TRIPS = 2;

    /** What is reserved is made longer when only that part of it is left. */
    private static final int PROLONGED_PART = 6;

    /** Who got nothing but permits that came too late may come again. */
    private static final long LATE_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ClusterLimit limit;
    private final Ledger ledger;
    private final Time time;
    private final Rounds rounds = new Rounds();
    private final Standby standby;
    private final AtomicReference<@Nullable Unused> unused = new AtomicReference<>();

    private volatile @Nullable Lease lease;
    private volatile @Nullable Reservation reservation;

    /** Until when nothing can be reserved, as others have reserved much. */
    private volatile @Nullable Denial reserved;

    private volatile @Nullable Denial denial;

    /** Of more than the other one, where that does not tell of so many. */
    private volatile @Nullable Denial larger;

    /** What was seen to be there lately; null if this node has got something since. */
    private volatile @Nullable Room room;

    /** Whether the last question was not answered, and when that was. */
    private volatile boolean away;

    private volatile long unansweredNanos;

    /** Of whoever leads a round; the rounds hand it on. */
    private final Demand demand = new Demand();

    /** Permits that were taken and not used, and are on their way back. */
    private record Unused(long permits, long stamp) {

        Unused and(long permits, long stamp) {
            return new Unused(this.permits + permits, Math.min(this.stamp, stamp));
        }
    }

    /** So many could be had. */
    private record Room(Terms terms, long cost, long seenNanos) {

        @SuppressWarnings("ReferenceEquality") // others that are equal only cost a question
        boolean has(Terms terms, long cost, long nowNanos) {
            return cost <= this.cost && terms == this.terms && nowNanos - seenNanos < Denial.KEPT_NANOS;
        }
    }

    /** Knows nothing, and asks nobody. */
    ClusterMeter(ClusterLimit limit, Ledger ledger, Time time) {
        this.limit = limit;
        this.ledger = ledger;
        this.time = time;
        this.standby = new Standby(limit, time.nanoTime());
    }

    @Override
    public long take(long cost) {
        return take(cost, 0, 0);
    }

    @Override
    public long take(long cost, long behind, long patienceNanos) {
        long now = time.nanoTime();
        long known = takeKnown(cost, behind, now);
        return known == UNKNOWN || (known > 0 && behind > 0 && lacks(cost, behind, known, now) > 0)
                ? ask(cost, behind, patienceNanos, now)
                : known;
    }

    /** As {@link #take}, if nobody has to be asked; else {@link #UNKNOWN}. */
    private long takeKnown(long cost, long behind, long nowNanos) {
        Lease held = lease;
        if (held != null && held.take(cost, nowNanos)) {
            return 0;
        }
        Terms terms = limit.terms();
        Reservation own = reservation;
        if (own != null) {
            long wait = own.take(terms, cost, nowNanos);
            if (wait != Reservation.NOT_HERE) {
                return wait;
            }
        }
        Denial denied = denied(cost, nowNanos);
        if (behind > 0 && denied != null && limit.holding().aheadNanos() > 0 && isAvailable()) {
            Denial later = reserved;
            denied = later != null && later.denies(terms, cost, nowNanos) ? later : null;
        }
        return denied == null ? UNKNOWN : denied.waitNanos(cost, nowNanos);
    }

    /** By how much what is reserved should be longer, if whoever has to wait for so long may ask for that; else 0. */
    private long lacks(long cost, long behind, long waitNanos, long nowNanos) {
        Reservation own = reservation;
        Holding holding = limit.holding();
        if (own == null
                || holding.aheadNanos() == 0
                || own.rest(nowNanos) > holding.aheadNanos() / PROLONGED_PART
                || waitNanos < PROLONG_ROUND_TRIPS * holding.roundTripNanos()
                || own.wait(limit.terms(), cost, nowNanos) == Reservation.NOT_HERE
                || !isAvailable()) {
            return 0;
        }
        return own.lacks(cost, holding.ahead(cost, cost + behind), holding.slackNanos(), nowNanos);
    }

    /** What tells when so many can be had, if that is later; null if the ledger has to be asked. */
    private @Nullable Denial denied(long cost, long nowNanos) {
        Terms terms = limit.terms();
        Denial denied = denial;
        if (denied == null || !denied.denies(terms, cost, nowNanos)) {
            return null;
        }
        if (denied.tells(cost)) {
            return denied;
        }
        Denial more = larger;
        return more != null && more.denies(terms, cost, nowNanos) && more.tells(cost) ? more : null;
    }

    private void remember(Denial denied, long nowNanos) {
        Denial before = denial;
        if (before == null || !before.holds(denied.terms(), nowNanos)) {
            larger = null;
        } else if (before.cost() > denied.cost()) {
            larger = before;
        } else if (!before.tells(denied.cost()) && before.denies(denied.terms(), denied.cost(), nowNanos)) {
            larger = denied;
            return;
        }
        denial = denied;
    }

    /** There are fewer than there were, so whatever was known comes later. */
    private void forget() {
        denial = null;
        larger = null;
        room = null;
    }

    private long ask(long cost, long behind, long patienceNanos, long nowNanos) {
        if (!isAvailable()) {
            return withoutLedger(cost);
        }
        Rounds.Turn turn = new Rounds.Turn(cost, behind, patienceNanos, nowNanos);
        if (rounds.leads(turn)) {
            boolean ended = false;
            try {
                round(turn);
                ended = true;
            } finally {
                if (!ended) {
                    rounds.settle(turn, AWAY); // an error of the JVM; nobody shall wait for who is gone
                }
                rounds.pass();
            }
        }
        return turn.outcome() == AWAY ? withoutLedger(cost) : turn.outcome();
    }

    private boolean isAvailable() {
        return ledger.isAvailable() && !(away && time.nanoTime() - unansweredNanos < UNANSWERED_NANOS);
    }

    /** Asks for those who wait, of whom the first one leads, and settles that one at least. */
    private void round(Rounds.Turn own) {
        prolong(own);
        List<Rounds.Turn> turns = rounds.waiting();
        if (settleKnown(turns) > 0) {
            return; // it is the next one's turn to ask for the others
        }
        if (hasWaitedLong(own)) {
            rounds.settle(own, AWAY);
            return;
        }
        Terms terms = limit.terms();
        Answer answer = answer(terms, question(turns, terms, limit.holding()), own);
        if (answer == null) {
            unansweredNanos = time.nanoTime();
            away = true;
            for (Rounds.Turn turn : rounds.waiting()) {
                rounds.settle(turn, AWAY); // whoever has come since would not be answered either
            }
        } else if (answer.ask().reserves()) {
            begin(answer, own);
        } else {
            distribute(answer, turns);
        }
    }

    /** Whether there is no time left for another question. The first answer of all is waited for, as much has to be loaded and connected. */
    private boolean hasWaitedLong(Rounds.Turn own) {
        if (!limit.isAnswered()) {
            return false;
        }
        long now = time.nanoTime();
        long waited = Math.min(now - limit.firstAnswerNanos(), now - own.sinceNanos);
        long usual = PATIENCE_ROUND_TRIPS * limit.holding().roundTripNanos();
        return waited > Math.max(PATIENCE_NANOS, usual);
    }

    /** Those for whom nobody needs to be asked, now that the round before is over, up to the first for whom somebody has to be. */
    private int settleKnown(List<Rounds.Turn> turns) {
        long now = time.nanoTime();
        for (int i = 0; i < turns.size(); i++) {
            Rounds.Turn turn = turns.get(i);
            long known = takeKnown(turn.cost, turn.behind, now);
            if (known == UNKNOWN) {
                return i;
            }
            rounds.settle(turn, known);
        }
        return turns.size();
    }

    private Ask question(List<Rounds.Turn> turns, Terms terms, Holding holding) {
        long now = time.nanoTime();
        if (away) {
            demand.forget(); // small leases first when it is back
        }
        Unused returned = unused.getAndSet(null);
        Lease before = lease;
        if (before != null) {
            long left = before.drain();
            demand.used(-left, now);
            if (left > 0) {
                returned = returned == null ? new Unused(left, before.stamp()) : returned.and(left, before.stamp());
            }
        }
        long back = returned == null ? 0 : returned.permits();
        long backStamp = returned == null ? 0 : returned.stamp();
        long debt = standby.debt(now);
        long least = turns.get(0).cost;
        boolean leaky = terms.algorithm() == Algorithm.LEAKY_BUCKET;
        Ask.Ahead over = over();
        long ahead = holding.ahead(least, least + turns.get(0).behind);
        if (ahead > least && holding.aheadNanos() > 0) {
            long nanos = terms.nanosOf((double) (ahead - least)) + holding.slackNanos();
            long within = Math.max(1, Math.min(Holding.WITHIN_NANOS, turns.get(0).patienceNanos));
            return new Ask(
                    least,
                    ahead,
                    leaky ? least : terms.capacity(),
                    0,
                    back,
                    backStamp,
                    debt,
                    new Ask.Ahead(nanos, within, over.stamp(), over.moveNanos()));
        }
        if (leaky) {
            // A bucket for that one alone: only an empty one has room.
            return new Ask(least, least, least, holding.directNanos(), back, backStamp, debt, over);
        }
        long wanted = 0;
        for (Rounds.Turn turn : turns) {
            wanted = Math.min(terms.capacity(), wanted + turn.cost);
        }
        long chunk = holding.chunk(demand.rate(now));
        long hold = chunk == 0 ? holding.directNanos() : holding.leaseNanos();
        long most = Math.max(least, Math.min(terms.capacity(), Math.max(wanted, chunk)));
        return new Ask(least, most, terms.capacity(), hold, back, backStamp, debt, over);
    }

    /** The end of what was reserved, which serves nobody any more. */
    private Ask.Ahead over() {
        Reservation own = reservation;
        if (own == null) {
            return Ask.Ahead.NOTHING;
        }
        own.end();
        long rest = own.takeRest();
        return rest > 0 ? new Ask.Ahead(0, 0, own.stamp(), -rest) : Ask.Ahead.NOTHING;
    }

    /** Lets what is reserved last for longer, if it would not serve all who stand behind the one that leads. */
    private void prolong(Rounds.Turn leader) {
        Reservation own = reservation;
        if (own == null || leader.behind == 0) {
            return;
        }
        long now = time.nanoTime();
        Terms terms = limit.terms();
        long lacks = lacks(leader.cost, leader.behind, own.wait(terms, leader.cost, now), now);
        if (lacks == 0) {
            return;
        }
        long permits = Math.max(1, (long) (lacks * terms.rate()));
        Ask ask = new Ask(
                1,
                permits,
                terms.algorithm() == Algorithm.LEAKY_BUCKET ? 1 : terms.capacity(),
                0,
                0,
                0,
                standby.debt(now),
                new Ask.Ahead(0, 0, own.stamp(), lacks));
        Answer answer = answer(terms, ask, leader);
        if (answer == null) {
            unansweredNanos = time.nanoTime();
            away = true;
        } else if (answer.grant().permits() > 0) {
            own.endsAt(answer.diesNanos(), answer.grant().stamp());
        } else {
            own.isNotLast();
        }
    }

    /** Lets the first in the line go by what he has reserved. */
    private void begin(Answer answer, Rounds.Turn own) {
        Grant grant = answer.grant();
        long until = answer.gotNanos() + grant.waitNanos();
        if (grant.permits() == 0) {
            boolean waits = answer.ask().ahead().withinNanos() > 0;
            Denial denied = new Denial(answer.terms(), own.cost, answer.gotNanos(), until, 0);
            if (waits) {
                reserved = denied;
            } else {
                remember(denied, answer.gotNanos());
            }
            rounds.settle(own, Math.max(1, grant.waitNanos()));
            return;
        }
        Reservation next = new Reservation(
                answer.terms(), answer.ask().least(), until, answer.diesNanos(), grant.stamp(), reservation);
        reservation = next;
        forget();
        long wait = next.take(limit.terms(), own.cost, time.nanoTime());
        if (own.behind == 0) {
            endEarly(next);
        }
        rounds.settle(own, wait == Reservation.NOT_HERE ? LATE_WAIT_NANOS : wait);
    }

    /** What the ledger has said to a question, and the times by this node's clock between which it was. */
    private record Answer(Terms terms, Ask ask, Grant grant, long sentNanos, long gotNanos) {

        /** When its permits are not good any more: by what is known here, it was granted when it was sent. */
        long diesNanos() {
            return sentNanos + (grant.lifeNanos() > 0 ? grant.lifeNanos() : Holding.LATE_NANOS);
        }

        /** Whether its permits count as used already. */
        boolean isLate() {
            return grant.permits() > 0 && gotNanos - diesNanos() >= 0;
        }

        /** Whether there are no more now. */
        boolean isShort() {
            return grant.permits() < ask.most();
        }
    }

    /**
     * Asks, and asks again if the answer comes too late.
     *
     * @return null if there is no answer
     */
    private @Nullable Answer answer(Terms terms, Ask first, Rounds.Turn own) {
        // Who is interrupted while he asks would cost a connection, and others their answer.
        boolean interrupted = Thread.interrupted();
        try {
            Answer answer = answerTo(terms, first);
            if (!answer.isLate() || first.ahead().moveNanos() > 0 || hasWaitedLong(own)) {
                return answer;
            }
            return answerTo(terms, exchanging(terms, answer));
        } catch (RedisUnavailableException unavailable) {
            return null;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * A bucket that holds no more than the call needs would stand still for as long as others may be out: so it is reserved for that time, and handed back. Of what was reserved too late
     * just the first was set aside.
     */
    private static Ask exchanging(Terms terms, Answer late) {
        Ask ask = late.ask();
        if (!ask.reserves() && (terms.isWindow() || ask.capacity() > ask.least())) {
            return ask.exchanging(late.grant(), EXCHANGED_HOLD_NANOS);
        }
        long nanos = terms.nanosOf((double) (ask.most() - ask.least())) + EXCHANGED_HOLD_NANOS;
        Ask.Ahead ahead = new Ask.Ahead(nanos, ask.ahead().withinNanos(), 0, 0);
        // What begins later than it was said is drained ahead: to give that back now would be too early.
        long back = ask.reserves() && late.grant().waitNanos() > 0 ? 0 : ask.least();
        return new Ask(
                ask.least(), ask.most(), ask.capacity(), 0, back, late.grant().stamp(), 0, ahead);
    }

    private Answer answerTo(Terms terms, Ask ask) throws RedisUnavailableException {
        long sent = time.nanoTime();
        Grant grant = ledger.ask(terms, ask);
        long got = time.nanoTime();
        limit.answered(got - sent);
        standby.answered(grant, got);
        away = false;
        return new Answer(terms, ask, grant, sent, got);
    }

    /** Who came first gets first. For those who are neither served nor denied by that, another round is made. */
    private void distribute(Answer answer, List<Rounds.Turn> turns) {
        Grant grant = answer.grant();
        if (answer.isLate()) {
            bringBackLater(grant.permits(), grant.stamp());
            rounds.settle(turns.get(0), LATE_WAIT_NANOS);
            return;
        }
        long least = answer.ask().least();
        long left = grant.permits();
        int served = 0;
        while (served < turns.size() && turns.get(served).cost <= left) {
            left -= turns.get(served).cost;
            served++;
        }
        demand.used(grant.permits(), answer.gotNanos());
        if (grant.permits() > 0) {
            Lease next = lease(answer, left, lease);
            lease = next;
            next.publishedAt(time.nanoTime());
            forget();
        }
        Denial denied = answer.isShort() ? denial(answer, limit.holding()) : null;
        if (denied != null) {
            remember(denied, answer.gotNanos());
        }
        for (int i = 0; i < turns.size(); i++) {
            Rounds.Turn turn = turns.get(i);
            if (i < served) {
                rounds.settle(turn, 0);
            } else if (denied != null && turn.cost >= least && denied.tells(turn.cost) && left < least) {
                rounds.settle(turn, denied.waitNanos(turn.cost, answer.gotNanos()));
            }
        }
    }

    private static Lease lease(Answer answer, long permits, @Nullable Lease before) {
        long dies = answer.diesNanos();
        long renew = answer.terms().isWindow()
                ? dies
                : answer.sentNanos() + (long) (Holding.USED_PART * (dies - answer.sentNanos()));
        return new Lease(permits, renew, dies, answer.grant().stamp(), before);
    }

    private Denial denial(Answer answer, Holding holding) {
        Terms terms = answer.terms();
        boolean leaky = terms.algorithm() == Algorithm.LEAKY_BUCKET;
        long rest = answer.sentNanos() + holding.restNanos(demand.rate(answer.gotNanos()));
        long until = answer.gotNanos() + answer.grant().waitNanos();
        return new Denial(
                terms,
                leaky ? 1 : answer.ask().least(),
                answer.gotNanos(),
                until - rest >= 0 ? until : rest,
                leaky || terms.isWindow() ? 0 : 1 / terms.rate());
    }

    private long withoutLedger(long cost) {
        away = true;
        return switch (limit.whenUnavailable()) {
            case ALLOW -> 0;
            case DENY -> AWAY_NANOS;
            case LOCAL_SHARE -> standby.take(limit.terms(), cost, time.nanoTime());
        };
    }

    @Override
    public @Nullable String denies() {
        return away && limit.whenUnavailable() == Unavailable.DENY ? "Redis cannot be reached" : null;
    }

    @Override
    public void giveBack(long cost, long sinceNanos) {
        Reservation own = reservation;
        if (own != null && own.isUsedSince(sinceNanos)) {
            if (own.giveBack(sinceNanos)) {
                undoDenial();
            }
            return; // it may have been of that, and then it is of no lease
        }
        if (away) {
            standby.giveBack(cost);
            return;
        }
        Lease held = lease;
        if (held == null) {
            return; // where nothing was granted it was of the share, which is no more
        }
        if (held.giveBack(cost, sinceNanos, time.nanoTime())) {
            undoDenial();
            return;
        }
        long oldest = held.oldestStamp(sinceNanos);
        if (oldest != Lease.UNKNOWN) {
            bringBackLater(cost, oldest);
        }
    }

    /** What was denied may be there now. */
    private void undoDenial() {
        Denial denied = denial;
        larger = null;
        if (denied != null) {
            denial = denied.undone(time.nanoTime());
        }
    }

    private void bringBackLater(long permits, long from) {
        unused.updateAndGet(before -> before == null ? new Unused(permits, from) : before.and(permits, from));
        undoDenial(); // whoever asks before they are on their way takes them along
        time.scheduleWork(0, this::bringBack);
    }

    /** Unless a round has taken them along. */
    private void bringBack() {
        Unused returned = unused.getAndSet(null);
        if (returned != null) {
            try {
                Terms terms = limit.terms();
                ledger.ask(terms, new Ask(1, 0, terms.capacity(), 0, returned.permits(), returned.stamp(), 0));
                undoDenial();
            } catch (RedisUnavailableException lost) {
                away = true; // and with it what was to be brought back: too few are granted rather than too many
            }
        }
    }

    @Override
    public void nobodyWaits() {
        Reservation own = reservation;
        if (own != null && own.rest(time.nanoTime()) > limit.terms().nanosOf(1)) {
            endEarly(own);
        }
    }

    private void endEarly(Reservation own) {
        own.end();
        time.scheduleWork(0, () -> handBack(own));
    }

    /** Lets others come after. */
    private void handBack(Reservation own) {
        long rest = own.takeRest();
        if (rest > 0) {
            try {
                Terms terms = limit.terms();
                Ask.Ahead over = new Ask.Ahead(0, 0, own.stamp(), -rest);
                ledger.ask(terms, new Ask(1, 0, terms.capacity(), 0, 0, 0, 0, over));
                undoDenial();
            } catch (RedisUnavailableException lost) {
                away = true; // as in bringBack
            }
        }
    }

    @Override
    public long waitFor(long ahead, long cost) {
        long now = time.nanoTime();
        Terms terms = limit.terms();
        if (away) {
            return limit.whenUnavailable() == Unavailable.LOCAL_SHARE
                    ? Math.max(0, standby.waitFor(terms, ahead, cost, now))
                    : 0;
        }
        long all = Math.max(ahead, ahead + cost);
        Lease held = lease;
        if (held != null && held.has(all, now)) {
            return 0;
        }
        Reservation own = reservation;
        long turn = own == null ? Reservation.NOT_HERE : own.wait(terms, 1, now);
        if (turn != Reservation.NOT_HERE) {
            return turn + terms.nanosOf(terms.algorithm() == Algorithm.LEAKY_BUCKET ? ahead : (double) all - 1);
        }
        Denial told = ahead == 0 ? denied(cost, now) : null;
        if (told != null) {
            return told.waitNanos(cost, now);
        }
        long first = 0;
        long there = terms.capacity();
        Denial denied = denial;
        if (denied != null && denied.holds(terms, now)) {
            first = denied.waitNanos(denied.cost(), now);
            there = denied.cost();
        }
        return switch (terms.algorithm()) {
            case TOKEN_BUCKET -> first + terms.nanosOf((double) all - there);
            case LEAKY_BUCKET -> first + terms.nanosOf((double) ahead);
            case SLIDING_WINDOW, FIXED_WINDOW -> first + (all - 1) / terms.permits() * terms.perNanos();
        };
    }

    @Override
    public boolean mayBlock(long cost) {
        return !isKnown(cost, time.nanoTime()) && isAvailable();
    }

    @Override
    public long refuses(long cost) {
        long now = time.nanoTime();
        Lease held = lease;
        if (held != null && held.has(cost, now)) {
            return 0;
        }
        Reservation own = reservation;
        long turn = own == null ? Reservation.NOT_HERE : own.wait(limit.terms(), cost, now);
        if (turn != Reservation.NOT_HERE) {
            return turn;
        }
        Denial denied = denied(cost, now);
        return denied == null ? 0 : denied.waitNanos(cost, now);
    }

    private boolean isKnown(long cost, long nowNanos) {
        Lease held = lease;
        Reservation own = reservation;
        return (held != null && held.has(cost, nowNanos))
                || (own != null && own.wait(limit.terms(), cost, nowNanos) != Reservation.NOT_HERE)
                || denied(cost, nowNanos) != null;
    }

    @Override
    public void know(long cost) {
        long now = time.nanoTime();
        Terms terms = limit.terms();
        Room seen = room;
        if (isKnown(cost, now) || (seen != null && seen.has(terms, cost, now)) || !isAvailable()) {
            return;
        }
        boolean leaky = terms.algorithm() == Algorithm.LEAKY_BUCKET;
        boolean interrupted = Thread.interrupted(); // as in answer
        try {
            Grant grant = ledger.ask(terms, new Ask(cost, 0, leaky ? cost : terms.capacity(), 0, 0, 0, 0));
            long got = time.nanoTime();
            if (grant.waitNanos() > 0) {
                remember(
                        new Denial(
                                terms,
                                leaky ? 1 : cost,
                                got,
                                got + grant.waitNanos(),
                                leaky || terms.isWindow() ? 0 : 1 / terms.rate()),
                        got);
            } else {
                room = new Room(terms, cost, got);
            }
        } catch (RedisUnavailableException unavailable) {
            unansweredNanos = time.nanoTime();
            away = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
