package dev.holdfast.runtime.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.time.VirtualTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LocalStoreTest extends SessionStoreContract {

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final LocalStore store = new LocalStore(time, 1_000_000);

    @Override
    SessionStore store() {
        return store;
    }

    @Test
    void ends_a_session_that_nobody_uses() throws Exception {
        stored(change(null, Map.of("a", "1")));
        time.advance(TimeUnit.MINUTES.toNanos(30));
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNotNull();
        time.advance(TimeUnit.MINUTES.toNanos(30));
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNotNull();
        time.advance(TimeUnit.MINUTES.toNanos(31));
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNull();
    }

    @Test
    void ends_a_session_that_is_too_old_whatever_its_use() throws Exception {
        stored(change(null, Map.of("a", "1")));
        for (int minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
            time.advance(TimeUnit.MINUTES.toNanos(10));
            assertThat(store.read(key, null, HALF_AN_HOUR)).isNotNull();
        }
        time.advance(TimeUnit.MINUTES.toNanos(10));
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNull();
    }

    @Test
    void notes_a_use_only_now_and_then() throws Exception {
        Snapshot made = stored(change(null, Map.of("a", "1")));
        time.advance(TimeUnit.SECONDS.toNanos(59));
        assertThat(read()).isSameAs(made);
        time.advance(TimeUnit.SECONDS.toNanos(1));
        assertThat(read().lastUsedMillis()).as("before it was read").isEqualTo(made.lastUsedMillis());
        assertThat(read().lastUsedMillis()).isEqualTo(made.lastUsedMillis() + 60_000);
    }
}
