package dev.holdfast.runtime.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Algorithm;
import dev.holdfast.RateLimitedException;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.ratelimit.LimitSettings;
import dev.holdfast.definition.ratelimit.RateSettings;
import dev.holdfast.runtime.Guarded;
import dev.holdfast.runtime.ratelimit.meter.Meter;
import dev.holdfast.runtime.ratelimit.meter.Meters;
import dev.holdfast.runtime.time.VirtualTime;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One call and several limits, of which it has to be asked what they know. */
final class AdmissionTest {

    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final List<String> asked = new ArrayList<>();
    private Runnable meanwhile = () -> {};
    private final Map<String, Long> waits = new HashMap<>();

    /** One of a cluster, which knows nothing of what it was not asked for. */
    private final class Remote implements Meters, Meter {

        private final String id;
        private boolean knows;

        Remote(String id) {
            this.id = id;
        }

        @Override
        public Meter meter(String key) {
            return key.isEmpty() ? this : new Remote(id + "/" + key);
        }

        @Override
        public void settings(RateSettings settings) {}

        @Override
        public long take(long cost) {
            asked.add(id);
            knows = true;
            if (id.equals("second")) {
                meanwhile.run();
            }
            return waits.getOrDefault(id, 0L);
        }

        @Override
        public long refuses(long cost) {
            return knows ? waits.getOrDefault(id, 0L) : 0;
        }

        @Override
        public void giveBack(long cost, long sinceNanos) {
            asked.add("-" + id);
        }

        @Override
        public void know(long cost) {
            asked.add("?" + id);
            knows = true;
        }

        @Override
        public long waitFor(long ahead, long cost) {
            return knows ? waits.getOrDefault(id, 0L) : 0;
        }

        @Override
        public boolean mayBlock(long cost) {
            return true;
        }
    }

    @SuppressWarnings({"UnusedMethod", "DoNotCallSuggester"}) // reached by its name
    private static final class Shop {

        static void buy() {
            throw new AssertionError("nobody calls it");
        }
    }

    private Limit limit(String id, boolean cluster) {
        RateSettings rate = new RateSettings(Algorithm.TOKEN_BUCKET, 1, HOUR, 1, false, cluster, Unavailable.DENY);
        return new Limit(id, rate, (same, settings) -> new Remote(same));
    }

    private Claim claim(Limit limit, long maxWaitNanos) throws Exception {
        LimitSettings settings = new LimitSettings(limit.id(), limit.settings(), null, 1, null, maxWaitNanos);
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Shop.class, MethodHandles.lookup());
        return Claim.link(limit, settings, Guarded.method(lookup, "buy"));
    }

    private Admission admission(Claim... claims) throws Exception {
        String[] keys = new String[claims.length];
        long[] costs = new long[claims.length];
        Arrays.fill(keys, "");
        Arrays.fill(costs, 1);
        return new Admission(claims, keys, costs, time);
    }

    @Test
    void a_refusal_tells_of_the_longest_wait_though_that_limit_was_not_asked() throws Exception {
        waits.put("short", 1000L);
        waits.put("long", HOUR);
        Admission admission = admission(claim(limit("short", true), 0), claim(limit("long", true), 0));
        assertThat(admission.ask(null, () -> {})).isEqualTo(Admission.REFUSED);
        assertThat(admission.refusal()).isInstanceOfSatisfying(RateLimitedException.class, refused -> {
            assertThat(refused.limit()).isEqualTo("long");
            assertThat(refused.retryAfter()).contains(Duration.ofHours(1));
        });
        assertThat(asked).containsExactly("short", "?long");
    }

    /** Else another node might be refused what nobody is going to use. */
    @Test
    void nothing_is_taken_where_a_limit_is_known_to_refuse() throws Exception {
        waits.put("second", HOUR);
        Limit second = limit("second", true);
        Claim[] claims = {claim(limit("first", true), 0), claim(second, 0)};
        assertThat(admission(claims).ask(null, () -> {})).isEqualTo(Admission.REFUSED);
        assertThat(asked).containsExactly("first", "second", "-first");
        asked.clear();
        Admission again = admission(claims);
        assertThat(again.ask(null, () -> {})).isEqualTo(Admission.REFUSED);
        assertThat(asked).doesNotContain("first", "second");
        assertThat(again.refusal())
                .isInstanceOfSatisfying(RateLimitedException.class, refused -> assertThat(refused.limit())
                        .isEqualTo("second"));
        waits.clear();
        assertThat(admission(claims).ask(null, () -> {})).isEqualTo(Admission.IN);
    }

    @Test
    void the_first_in_line_of_a_cluster_looks_each_second() throws Exception {
        waits.put("far", HOUR);
        Admission far = admission(claim(limit("far", true), 2 * HOUR));
        assertThat(far.ask(null, () -> {})).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        waits.put("near", HOUR);
        Admission near = admission(claim(limit("near", false), 2 * HOUR));
        assertThat(near.ask(null, () -> {})).isEqualTo(HOUR);
    }

    /** It comes while another call has the permit for a moment. */
    @Test
    void who_was_told_to_wait_is_woken_when_permits_come_back() throws Exception {
        Limit first = limit("first", true);
        waits.put("second", HOUR);
        Admission one = admission(claim(first, 0), claim(limit("second", true), 0));
        Admission other = admission(claim(first, 2 * HOUR));
        List<String> woken = new ArrayList<>();
        meanwhile = () -> {
            waits.put("first", HOUR);
            assertThat(other.ask(null, () -> woken.add("other"))).isPositive();
        };
        assertThat(one.ask(null, () -> {})).isEqualTo(Admission.REFUSED);
        assertThat(woken).containsExactly("other");
    }

    @Test
    void limits_are_asked_in_one_order_those_of_this_jvm_first() throws Exception {
        Claim a = claim(limit("a", true), 0);
        Claim b = claim(limit("b", true), 0);
        Claim local = claim(limit("z", false), 0);
        List<Claim> one = new ArrayList<>(List.of(a, b, local));
        List<Claim> other = new ArrayList<>(List.of(b, local, a));
        one.sort(Claim.ORDER);
        other.sort(Claim.ORDER);
        assertThat(one).containsExactly(local, a, b).isEqualTo(other);
    }

    @Test
    void several_keys_of_one_limit_are_asked_in_one_order() throws Exception {
        RateSettings rate = new RateSettings(Algorithm.TOKEN_BUCKET, 1, HOUR, 1, true, true, Unavailable.DENY);
        Limit accounts = new Limit("accounts", rate, (same, settings) -> new Remote(same));
        Claim from = claim(accounts, 0);
        Claim to = claim(accounts, 0);
        for (String[] keys : new String[][] {{"a", "b"}, {"b", "a"}}) {
            Admission transfer = new Admission(new Claim[] {from, to}, keys, new long[] {1, 1}, time);
            assertThat(transfer.ask(null, () -> {})).isEqualTo(Admission.IN);
        }
        assertThat(asked).containsExactly("accounts/a", "accounts/b", "accounts/a", "accounts/b");
    }
}
