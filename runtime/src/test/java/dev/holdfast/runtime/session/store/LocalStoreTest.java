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
    void is_kept_for_whom_it_lives_longest_and_noted_for_whom_it_ends_soonest() throws Exception {
        Lifetime brief = new Lifetime(60_000, 43_200_000);
        store.commit(key, change(null, Map.of("a", "1")), brief);
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNotNull();
        time.advance(TimeUnit.SECONDS.toNanos(50));
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNotNull();
        time.advance(TimeUnit.SECONDS.toNanos(50));
        assertThat(store.read(key, null, brief)).isNotNull();
        time.advance(TimeUnit.MINUTES.toNanos(2));
        assertThat(store.read(key, null, brief)).isNull();
        Snapshot base = store.read(key, null, HALF_AN_HOUR);
        assertThat(store.commit(key, change(base, Map.of("b", "2")), brief)).isInstanceOf(Committed.Stored.class);
        time.advance(TimeUnit.MINUTES.toNanos(20));
        assertThat(values(store.read(key, null, HALF_AN_HOUR))).isEqualTo(Map.of("a", "1", "b", "2"));

        SessionKey other = SessionKey.issue().key();
        store.commit(other, change(null, Map.of(Snapshot.IDLE, "1000")), HALF_AN_HOUR);
        store.read(other, null, brief);
        time.advance(TimeUnit.SECONDS.toNanos(2));
        assertThat(store.read(other, null, HALF_AN_HOUR))
                .as("one that says so itself")
                .isNull();
    }

    @Test
    void is_used_for_those_who_have_not_used_it_yet() throws Exception {
        Lives lives = new Lives();
        Lifetime usual = lives.lifetime(1_800_000, 43_200_000);
        store.commit(key, change(null, Map.of("a", "1")), usual);
        Lifetime brief = lives.lifetime(60_000, 86_400_000); // whose class is loaded only now
        time.advance(TimeUnit.SECONDS.toNanos(50));
        assertThat(store.read(key, null, usual)).isNotNull();
        time.advance(TimeUnit.SECONDS.toNanos(50));
        assertThat(store.read(key, null, brief)).isNotNull();
        SessionKey other = SessionKey.issue().key();
        store.commit(other, change(null, Map.of("a", "1")), brief);
        time.advance(TimeUnit.MINUTES.toNanos(2));
        assertThat(store.read(other, null, brief)).isNull();
        assertThat(store.read(other, null, usual)).isNotNull();
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
