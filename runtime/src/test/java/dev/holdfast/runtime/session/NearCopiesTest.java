package dev.holdfast.runtime.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.session.store.Change;
import dev.holdfast.runtime.session.store.Committed;
import dev.holdfast.runtime.session.store.Lifetime;
import dev.holdfast.runtime.session.store.SessionKey;
import dev.holdfast.runtime.session.store.Snapshot;
import dev.holdfast.runtime.session.store.Span;
import dev.holdfast.runtime.time.VirtualTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NearCopiesTest {

    private static final Lifetime LIFETIME = new Lifetime(1, 1);

    private final VirtualTime time = VirtualTime.turnedByHand();
    private final NearCopies near = new NearCopies("holdfast:", time);
    private final SessionKey key = SessionKey.issue().key();

    @BeforeEach
    void listen() {
        near.listening();
    }

    private static Snapshot version(long version) {
        return new Snapshot(version, 7, 1, 1, version, false, new Span(1, 1, 1), Map.of());
    }

    private void tell(long version, long generation) {
        near.heard(new String(key.redisKey("holdfast:"), java.nio.charset.StandardCharsets.UTF_8) + " " + version + " "
                + generation);
    }

    private void see(Snapshot snapshot) {
        near.ask(key).answered(snapshot, true);
    }

    private boolean isFresh() {
        NearCopies.Copy copy = near.find(key);
        return copy != null && near.isFresh(copy);
    }

    private @Nullable Snapshot seen() {
        NearCopies.Copy copy = near.find(key);
        return copy == null ? null : copy.snapshot();
    }

    @Test
    void is_fresh_for_less_than_a_second() {
        see(version(1));
        assertThat(isFresh()).isTrue();
        time.advance(TimeUnit.MILLISECONDS.toNanos(NearCopies.FRESH_MILLIS));
        assertThat(isFresh()).isFalse();
        assertThat(seen()).as("it serves to ask by").isEqualTo(version(1));
    }

    @Test
    void is_dated_from_before_it_was_asked_for() {
        NearCopies.Question question = near.ask(key);
        time.advance(TimeUnit.SECONDS.toNanos(2));
        question.answered(version(1), true);
        assertThat(isFresh()).isFalse();
    }

    @Test
    void is_stale_once_something_newer_is_heard_of() {
        see(version(5));
        tell(5, 7);
        assertThat(isFresh()).as("that is what it has").isTrue();
        tell(4, 7);
        assertThat(isFresh()).isTrue();
        tell(6, 7);
        assertThat(isFresh()).isFalse();
        see(version(6));
        assertThat(isFresh()).isTrue();
        tell(1, 8);
        assertThat(isFresh()).as("another session of the same key").isFalse();
        tell(0, 0);
        assertThat(seen()).isNull();
    }

    @Test
    void does_not_overlook_what_is_heard_while_it_is_asked_for() {
        NearCopies.Question question = near.ask(key);
        tell(6, 7);
        question.answered(version(5), true);
        assertThat(isFresh()).isFalse();

        NearCopies.Question good = near.ask(key);
        tell(6, 7);
        good.answered(version(6), true);
        assertThat(isFresh()).as("what was heard of is in it").isTrue();

        NearCopies.Question ended = near.ask(key);
        tell(0, 0);
        ended.answered(version(6), true);
        assertThat(isFresh()).isFalse();
    }

    @Test
    void remembers_what_was_heard_for_everybody_who_asks() {
        NearCopies.Question first = near.ask(key);
        tell(6, 7);
        NearCopies.Question second = near.ask(key);
        first.answered(version(5), true);
        assertThat(isFresh()).isFalse();
        second.answered(version(6), true);
        assertThat(isFresh()).isTrue();
        near.ask(key).answered(version(6), true);
        assertThat(isFresh()).isTrue();
    }

    @Test
    void is_stale_once_this_node_has_changed_what_it_was_made_of() {
        NearCopies.Question slow = near.ask(key);
        NearCopies.Question other = near.ask(key);
        near.ask(key).stored(new Committed.Stored(6, 7, 0, null, true), setting("a"), LIFETIME);
        slow.answered(version(5), true);
        assertThat(isFresh()).isFalse();
        other.answered(version(6), true);
        assertThat(isFresh()).isTrue();

        NearCopies.Question late = near.ask(key);
        near.ask(key).stored(new Committed.Stored(7, 7, 0, version(7), true), setting("a"), LIFETIME);
        assertThat(isFresh()).isTrue();
        near.forget(key);
        late.answered(version(6), true);
        assertThat(isFresh()).isFalse();
    }

    private static Change setting(String name) {
        return new Change(version(3), Map.of(name, new byte[] {1}), Set.of("old"), Set.of(), null);
    }

    /** Where Redis goes away before it is read again. */
    @Test
    void has_what_this_node_has_changed_though_others_have_changed_it_too() {
        Snapshot.Attribute old = new Snapshot.Attribute(2, new byte[] {0});
        see(new Snapshot(5, 7, 1, 1, 5, false, new Span(1, 1, 1), Map.of("a", old, "b", old, "old", old)));
        NearCopies.Question slow = near.ask(key);
        near.ask(key).stored(new Committed.Stored(9, 7, 0, null, true), setting("c"), LIFETIME);
        near.ask(key).stored(new Committed.Stored(8, 7, 0, null, true), setting("b"), LIFETIME);
        near.ask(key).stored(new Committed.Stored(7, 7, 0, null, true), setting("a"), LIFETIME);
        Snapshot seen = requireNonNull(seen());
        assertThat(seen.version()).isEqualTo(5);
        assertThat(seen.mark()).as("nobody knows it whole").isZero();
        assertThat(seen.attributes()).containsOnlyKeys("a", "b", "c");
        assertThat(seen.versionOf("a")).isEqualTo(7);
        assertThat(seen.versionOf("b")).isEqualTo(8);
        assertThat(isFresh()).isFalse();
        assertThat(near.isBelieved(requireNonNull(near.find(key)))).isFalse();

        Snapshot.Attribute theirs = new Snapshot.Attribute(6, new byte[] {6});
        slow.answered(new Snapshot(8, 7, 1, 1, 8, false, new Span(1, 1, 1), Map.of("d", theirs, "old", theirs)), true);
        Snapshot more = requireNonNull(seen());
        assertThat(more.attributes()).as("of what came behind that").containsOnlyKeys("c", "d");
        assertThat(isFresh()).isFalse();

        near.ask(key).stored(new Committed.Stored(2, 8, 0, null, true), setting("a"), LIFETIME);
        assertThat(requireNonNull(seen()).attributes())
                .as("another session of the same key")
                .containsOnlyKeys("a");
        assertThat(isFresh()).isFalse();
    }

    /** Several threads of one node: each has another one's change between what it began with and its own, and is answered when it likes. */
    @Test
    void is_whole_where_all_that_was_changed_since_was_changed_by_this_node() {
        see(version(5));
        List<Change> changes = List.of(setting("a"), removing("a"), setting("a"), setting("b"));
        for (int i : new int[] {3, 1, 0, 2}) {
            long before = i == 0 ? 5 : changes.get(i - 1).mark();
            assertThat(isFresh()).isEqualTo(i == 3);
            near.ask(key).stored(new Committed.Stored(6 + i, 7, before, null, true), changes.get(i), LIFETIME);
        }
        assertThat(isFresh()).isTrue();
        Snapshot seen = requireNonNull(seen());
        assertThat(seen.version()).isEqualTo(9);
        assertThat(seen.mark()).isEqualTo(changes.get(3).mark());
        assertThat(seen.attributes()).containsOnlyKeys("a", "b");
        assertThat(seen.versionOf("a")).isEqualTo(8);

        near.ask(key).stored(new Committed.Stored(10, 7, 4711, null, true), setting("c"), LIFETIME);
        assertThat(isFresh())
                .as("Redis has lost a change, and given its version to another")
                .isFalse();
    }

    private static Change removing(String name) {
        return new Change(version(3), Map.of(), Set.of(name), Set.of(), null);
    }

    @Test
    void gives_way_to_the_session_that_this_node_has_put_in_its_place() {
        NearCopies.Question replacing = near.ask(key);
        time.advance(1);
        see(version(5));
        Snapshot after = new Snapshot(1, 8, 1, 1, 1, true, new Span(1, 1, 1), Map.of());
        replacing.stored(new Committed.Stored(1, 8, 0, after, true), setting("a"), LIFETIME);
        assertThat(seen()).isEqualTo(after);
        assertThat(isFresh()).isTrue();
    }

    @Test
    void is_stale_once_this_node_has_ended_it() {
        NearCopies.Question slow = near.ask(key);
        near.ended(key, 0);
        slow.answered(version(5), true);
        assertThat(isFresh()).isFalse();
    }

    @Test
    void is_left_to_go_on_with_where_the_end_of_the_session_before_it_is_heard_late() {
        see(version(5));
        tell(0, 6);
        assertThat(seen()).isEqualTo(version(5));
        assertThat(isFresh()).isFalse();
        tell(0, 7);
        assertThat(seen()).isNull();
    }

    /** Under load somebody is always asking. */
    @Test
    void is_fresh_where_it_was_asked_for_after_the_session_before_it_was_ended() {
        NearCopies.Question slow = near.ask(key);
        near.ended(key, 0);
        time.advance(1);
        NearCopies.Question next = near.ask(key);
        next.answered(version(5), true);
        assertThat(isFresh()).isTrue();
        NearCopies.Question third = near.ask(key);
        time.advance(1);
        tell(6, 7);
        third.answered(version(5), true);
        assertThat(isFresh()).isFalse();
        slow.answered(null, false);
        assertThat(isFresh()).isFalse();
    }

    @Test
    void keeps_the_newer_one() {
        NearCopies.Question slow = near.ask(key);
        see(version(6));
        slow.answered(version(5), true);
        assertThat(seen()).isEqualTo(version(6));
    }

    @Test
    void gives_way_to_an_older_one_that_is_all_that_a_failover_has_left() {
        see(version(8));
        time.advance(TimeUnit.SECONDS.toNanos(1));
        see(version(7));
        assertThat(seen()).isEqualTo(version(7));
        assertThat(isFresh()).isTrue();
    }

    @Test
    void is_stale_when_the_node_has_not_listened_for_a_while() {
        see(version(1));
        near.deaf();
        assertThat(isFresh()).isFalse();
        see(version(1));
        assertThat(isFresh()).as("nobody listens").isFalse();
        NearCopies.Question question = near.ask(key);
        near.listening();
        assertThat(isFresh()).isFalse();
        question.answered(version(1), true);
        assertThat(isFresh()).as("asked for before").isFalse();
        see(version(1));
        assertThat(isFresh()).isTrue();
        near.deaf();
        near.deaf();
        near.listening();
        assertThat(isFresh()).isFalse();
    }

    @Test
    void is_assured_if_redis_was_listened_to_up_to_its_end() {
        see(version(1));
        assertThat(near.isAssured(requireNonNull(near.find(key)))).isTrue();
        near.deaf();
        assertThat(near.isAssured(requireNonNull(near.find(key)))).isTrue();
        near.listening();
        assertThat(near.isAssured(requireNonNull(near.find(key)))).isFalse();
        near.deaf();
        assertThat(near.isAssured(requireNonNull(near.find(key)))).isFalse();
    }

    @Test
    void an_answer_that_did_not_come_changes_nothing() {
        see(version(1));
        near.ask(key).answered(null, false);
        assertThat(isFresh()).isTrue();
        near.ask(key).answered(null, true);
        assertThat(seen()).isNull();
    }

    @Test
    void makes_nothing_of_nonsense() {
        see(version(1));
        near.heard("");
        near.heard("x y z");
        near.heard("holdfast:session:{short}:x 1 2");
        assertThat(isFresh()).isTrue();
    }
}
