package dev.holdfast.runtime.ratelimit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against a plain model, which knows of each permit what it was granted with: whoever leads a round replaces leases, and others take of them and give back, in
 * steps between which anything may happen.
 */
final class LeaseTest {

    private static final int STEPS = 100_000;

    /** Who holds a permit for no more leases than that knows whose it may be. */
    private static final int KNOWN = 5;

    private final List<Lease> leases = new ArrayList<>();
    private long now = 1;

    /** Somebody who takes a permit, and gives it back. */
    private static final class Taker {
        final long since;
        final int first;

        /** The number of the lease that he looks at. */
        int sees = -1;

        /** Of that from which he has a permit. */
        int has = -1;

        Taker(long since, int first) {
            this.since = since;
            this.first = first;
        }
    }

    private Lease add(SplittableRandom random) {
        @Nullable Lease before = leases.isEmpty() ? null : leases.get(leases.size() - 1);
        if (before != null) {
            before.drain();
        }
        long dies = now + random.nextLong(1, 300);
        // Stamps are not in the order of the leases: some last longer.
        Lease lease =
                new Lease(random.nextInt(4) == 0 ? 0 : random.nextLong(50), dies - dies % 7 / 2, dies, dies, before);
        leases.add(lease);
        return lease;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void what_is_given_back_never_outlives_its_lease(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Taker> takers = new ArrayList<>();
        int visible = 0;
        add(random).publishedAt(now);
        int stage = 0;
        int kept = 0;
        int brought = 0;
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(5) == 0 ? random.nextLong(5) : 0;
            int latest = leases.size() - 1;
            switch (random.nextInt(30)) {
                case 0 -> {
                    if (stage == 0) {
                        add(random);
                    } else if (stage == 1) {
                        visible = latest;
                    } else {
                        leases.get(latest).publishedAt(now);
                    }
                    stage = (stage + 1) % 3;
                }
                case 1, 2, 3, 4, 5 -> {
                    if (takers.size() < 10) {
                        takers.add(new Taker(now, visible));
                    }
                }
                default -> {
                    if (!takers.isEmpty()) {
                        int who = random.nextInt(takers.size());
                        Taker taker = takers.get(who);
                        if (taker.has >= 0) {
                            takers.remove(who);
                            if (giveBack(taker, visible)) {
                                kept++;
                            } else {
                                brought++;
                            }
                        } else if (taker.sees < 0) {
                            taker.sees = visible;
                        } else if (leases.get(taker.sees).take(1, now)) {
                            taker.has = taker.sees;
                        } else if (stage == 2 && random.nextBoolean()) {
                            taker.has = visible; // he was served when that was granted
                        } else {
                            takers.remove(who);
                        }
                    }
                }
            }
        }
        assertThat(kept).isGreaterThan(STEPS / 100);
        assertThat(brought).isGreaterThan(STEPS / 100);
    }

    /** @return whether it has become a part of the lease that is there now */
    private boolean giveBack(Taker taker, int visible) {
        Lease present = leases.get(visible);
        Lease own = leases.get(taker.has);
        if (present.giveBack(1, taker.since, now)) {
            assertThat(taker.has).isEqualTo(visible);
            return true;
        }
        long stamp = present.oldestStamp(taker.since);
        if (stamp == Lease.UNKNOWN) {
            assertThat(visible - taker.first).as("leases since then").isGreaterThan(KNOWN);
        } else {
            assertThat(stamp).isLessThanOrEqualTo(own.stamp());
        }
        return false;
    }

    @Test
    void permits_are_good_until_it_dies_and_taken_until_it_is_to_be_renewed() {
        Lease lease = new Lease(10, 40, 50, 50, null);
        lease.publishedAt(1);
        assertThat(lease.take(3, 39)).isTrue();
        assertThat(lease.take(1, 40)).isFalse();
        assertThat(lease.giveBack(3, 2, 49)).isTrue();
        assertThat(lease.giveBack(3, 2, 50)).isFalse();
        assertThat(lease.left()).isEqualTo(10);
        assertThat(lease.drain()).isEqualTo(10);
        assertThat(lease.take(1, 39)).isFalse();
    }
}
