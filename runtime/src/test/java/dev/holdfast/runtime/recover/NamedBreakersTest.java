package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.definition.recover.BreakerSettings;
import dev.holdfast.runtime.time.VirtualTime;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class NamedBreakersTest {

    private static final BreakerSettings ONE = settings(1);

    private final VirtualTime time = VirtualTime.turningItself();
    private final NamedBreakers named = new NamedBreakers();

    private static BreakerSettings settings(int probes) {
        return new BreakerSettings(50, 100, 0, 1, 0, 1, TimeUnit.SECONDS.toNanos(1), probes);
    }

    private Breaker get(String name, BreakerSettings settings) {
        return named.get(name, settings, null, time, null);
    }

    private static void open(Breaker breaker) {
        breaker.failed(breaker.enter());
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void one_name_of_one_definition_is_one_breaker() {
        assertThat(get("quotes", ONE)).isSameAs(get("quotes", settings(1)));
        assertThat(get("quotes", ONE)).isNotSameAs(get("orders", ONE));
    }

    @Test
    void another_definition_is_another_breaker() {
        Breaker ours = get("quotes", ONE);
        Breaker theirs = get("quotes", settings(2));
        open(ours);
        assertThat(theirs.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(get("quotes", ONE)).isSameAs(ours);
        assertThat(get("quotes", settings(2))).isSameAs(theirs);
    }

    @Test
    void a_definition_that_is_new_goes_on_where_the_method_s_breaker_stood() {
        Breaker before = get("quotes", ONE);
        open(before);
        Breaker after = named.get("quotes", settings(2), before, time, null);
        assertThat(after.state()).isEqualTo(BreakerState.OPEN);
        assertThat(get("quotes", settings(2))).isSameAs(after);
    }

    @Test
    void a_definition_that_is_known_stays_where_its_own_breaker_stands() {
        Breaker before = get("quotes", ONE);
        Breaker known = get("quotes", settings(2));
        open(before);
        assertThat(named.get("quotes", settings(2), before, time, null)).isSameAs(known);
        assertThat(known.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void a_definition_that_comes_back_goes_on_where_the_method_s_breaker_stands_by_now() {
        Breaker first = get("quotes", ONE);
        Breaker second = named.get("quotes", settings(2), first, time, null);
        open(second);
        Breaker third = named.get("quotes", ONE, second, time, null);
        assertThat(third.state()).isEqualTo(BreakerState.OPEN);
        assertThat(named.get("quotes", ONE, second, time, null)).isSameAs(third); // of another method
        assertThat(get("quotes", ONE)).isSameAs(third);
        assertThat(first.state()).isEqualTo(BreakerState.CLOSED); // so it had not been forgotten
    }

    @Test
    void a_breaker_that_no_method_uses_any_more_is_let_go_of() {
        open(get("quotes", ONE));
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> {
            System.gc();
            return get("quotes", ONE).state() == BreakerState.CLOSED;
        });
    }
}
