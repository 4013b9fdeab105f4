package dev.holdfast.runtime.session.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.runtime.redis.JedisRedis;
import dev.holdfast.runtime.redis.Redis;
import dev.holdfast.runtime.redis.RedisAddress;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import dev.holdfast.runtime.redis.Script;
import dev.holdfast.runtime.session.store.Committed.Stored;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.servers.RedisCluster;
import dev.holdfast.servers.RedisServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a real server. */
@SuppressWarnings("NullAway.Init") // set before all
final class RedisStoreTest extends SessionStoreContract {

    private static RedisServer server;
    private static RedisStore store;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        store = connect();
        await().atMost(Duration.ofSeconds(30)) // on a machine that has other things to do
                .ignoreExceptions()
                .until(() -> store.read(SessionKey.issue().key(), null, HALF_AN_HOUR) == null);
    }

    private static RedisStore connect() {
        return connect(server.url(), Duration.ofSeconds(5));
    }

    private static RedisStore connect(String url, Duration timeout) {
        return new RedisStore(
                JedisRedis.connect(RedisAddress.of(url), timeout.toNanos(), "holdfast:", Time.SYSTEM), "holdfast:");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    SessionStore store() {
        return store;
    }

    @Test
    void keeps_nothing_that_lives_for_ever_and_nothing_of_an_id() throws Exception {
        server.command("FLUSHALL");
        SessionKey.Issued issued = SessionKey.issue();
        store.commit(issued.key(), change(null, Map.of("a", "1")), HALF_AN_HOUR);
        Snapshot base = store.read(issued.key(), null, HALF_AN_HOUR);
        SessionKey renewed = issued.key().renew().key();
        store.commit(issued.key(), new Change(base, Map.of(), Set.of(), Set.of(), renewed), HALF_AN_HOUR);
        String keys = server.command(
                "EVAL",
                "local t = {} for _, k in ipairs(redis.call('KEYS', '*')) do t[#t + 1] = k .. '=' .. redis.call('PTTL', k) end"
                        + " table.sort(t) return table.concat(t, ' ')",
                "0");
        assertThat(keys.split(" ", -1)).hasSize(3).allSatisfy(one -> {
            assertThat(one).startsWith("holdfast:session:{" + issued.key().tag() + "}:");
            assertThat(Long.parseLong(one.substring(one.indexOf('=') + 1)))
                    .isBetween(1L, one.contains(":ended=") ? 43_200_000L : 1_860_000L);
        });
        assertThat(keys).doesNotContain(issued.id().substring(issued.id().indexOf('.') + 1));
    }

    /** As Redis gives a user none that is not named. */
    @Test
    void needs_no_right_to_tell_others() throws Exception {
        server.command("ACL", "SETUSER", "app", "on", ">secret", "~holdfast:*", "resetchannels", "+@all");
        RedisStore store = connect("redis://app:secret@127.0.0.1:" + server.port(), Duration.ofSeconds(5));
        store.commit(key, change(null, Map.of("a", "1")), HALF_AN_HOUR);
        Snapshot made = store.read(key, null, HALF_AN_HOUR);
        assertThat(store.commit(key, change(made, Map.of("a", "2")), HALF_AN_HOUR))
                .isInstanceOf(Stored.class);
        SessionKey renewed = renewed(store, key, store.read(key, null, HALF_AN_HOUR));
        assertThat(values(store.read(renewed, null, HALF_AN_HOUR))).isEqualTo(Map.of("a", "2"));
        store.invalidate(renewed, HALF_AN_HOUR);
        assertThat(store.read(renewed, null, HALF_AN_HOUR)).isNull();
    }

    /** What is there can be changed where it is; what is not there can be written at its new place only. */
    @Test
    void ends_a_session_whole_or_not_at_all_while_its_slot_moves() throws Exception {
        try (RedisCluster cluster = RedisCluster.start()) {
            RedisStore store = connect(cluster.url(), Duration.ofMillis(200));
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> store.read(SessionKey.issue().key(), null, HALF_AN_HOUR) == null);
            store.commit(key, change(null, Map.of("a", "1")), HALF_AN_HOUR);
            String redisKey = new String(key.redisKey("holdfast:"), UTF_8);
            List<RedisServer> masters = cluster.masters(); // of which each has every third slot
            String slot = masters.get(0).command("CLUSTER", "KEYSLOT", redisKey).substring(1);
            RedisServer from = masters.get(Integer.parseInt(slot) % 3);
            RedisServer to = masters.get((Integer.parseInt(slot) + 1) % 3);
            to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", from.command("CLUSTER", "MYID"));
            from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", to.command("CLUSTER", "MYID"));

            assertThatThrownBy(() -> store.invalidate(key, HALF_AN_HOUR)).isInstanceOf(StoreUnavailableException.class);
            assertThat(values(store.read(key, null, HALF_AN_HOUR))).isEqualTo(Map.of("a", "1"));

            from.command("MIGRATE", "127.0.0.1", String.valueOf(to.port()), redisKey, "0", "5000");
            store.invalidate(key, HALF_AN_HOUR);
            assertThat(store.read(key, null, HALF_AN_HOUR)).isNull();
        }
    }

    private static void on(SessionKey key, String command) throws Exception {
        server.command(
                "EVAL", "redis.call(" + command + ") return 1", "1", new String(key.redisKey("holdfast:"), UTF_8));
    }

    @Test
    void takes_what_is_damaged_for_no_session() throws Exception {
        for (String damage : List.of(
                "'HDEL', KEYS[1], '#v'",
                "'HSET', KEYS[1], '#v', 'x'",
                "'HSET', KEYS[1], '#c', '1e9'",
                "'HSET', KEYS[1], '#u', '99999999999999999999'",
                "'HDEL', KEYS[1], '#g'",
                "'DEL', KEYS[1]) redis.call('SET', KEYS[1], 'garbage', 'PX', 60000",
                "'DEL', KEYS[1]) redis.call('RPUSH', KEYS[1], 'garbage'")) {
            SessionKey one = SessionKey.issue().key();
            store.commit(one, change(null, Map.of("a", "1")), HALF_AN_HOUR);
            Snapshot base = store.read(one, null, HALF_AN_HOUR);
            on(one, damage);
            assertThat(store.read(one, null, HALF_AN_HOUR)).as(damage).isNull();
            assertThat(store.read(one, base, HALF_AN_HOUR)).as(damage).isNull();
            assertThat(store.commit(one, change(base, Map.of("a", "2")), HALF_AN_HOUR))
                    .as(damage)
                    .isInstanceOf(Committed.Gone.class);
            store.commit(one, change(null, Map.of("b", "2")), HALF_AN_HOUR);
            assertThat(values(store.read(one, null, HALF_AN_HOUR))).as(damage).isEqualTo(Map.of("b", "2"));
        }
    }

    @Test
    void tells_once_of_damage_and_not_of_which_session() throws Exception {
        RedisStore fresh = connect();
        SessionKey one = SessionKey.issue().key();
        store.commit(one, change(null, Map.of("a", "1")), HALF_AN_HOUR);
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(told, true, UTF_8));
        try {
            assertThat(fresh.read(SessionKey.issue().key(), null, HALF_AN_HOUR)).isNull();
            fresh.invalidate(SessionKey.issue().key(), HALF_AN_HOUR);
            assertThat(told.toString(UTF_8)).doesNotContain("damaged");
            on(one, "'HSET', KEYS[1], '#u', 'zz'");
            for (int i = 0; i < 3; i++) {
                assertThat(fresh.read(one, null, HALF_AN_HOUR)).isNull();
            }
        } finally {
            System.setErr(before);
        }
        assertThat(told.toString(UTF_8))
                .containsOnlyOnce("WARN")
                .containsOnlyOnce("a session in Redis is damaged, and counts as absent")
                .doesNotContain(one.toString())
                .doesNotContain(new String(one.redisKey("holdfast:"), UTF_8));
    }

    @Test
    void gives_no_value_where_one_is_damaged() throws Exception {
        store.commit(key, change(null, Map.of("a", "1", "b", "2")), HALF_AN_HOUR);
        on(key, "'HSET', KEYS[1], '@a', 'nonsense', '@c', ''");
        assertThat(values(store.read(key, null, HALF_AN_HOUR))).isEqualTo(Map.of("a", "", "b", "2", "c", ""));
    }

    @Test
    void stores_a_change_once_that_comes_twice() throws Exception {
        Change first = new Change(null, Map.of("n", "1".getBytes(UTF_8)), Set.of(), Set.of("n"), null);
        store.commit(key, first, HALF_AN_HOUR);
        assertThat(store.commit(key, first, HALF_AN_HOUR)).isInstanceOf(Committed.Stored.class);
        Snapshot base = read();
        assertThat(base.version()).isEqualTo(1);
        Change second = new Change(
                base,
                Map.of("n", "2".getBytes(UTF_8)),
                Set.of(),
                Set.of("n"),
                key.renew().key());
        store.commit(key, second, HALF_AN_HOUR);
        assertThat(store.commit(key, second, HALF_AN_HOUR)).satisfies(RedisStoreTest::isStoredByNow);
    }

    /** Though the session is not what the change has made of its base. */
    private static void isStoredByNow(Committed committed) {
        assertThat(committed).isInstanceOfSatisfying(Committed.Stored.class, stored -> {
            assertThat(stored.snapshot()).isNull();
            assertThat(stored.renewed()).isTrue();
        });
    }

    /** As where a connection breaks before the answer has come, and others are quicker than the second attempt. */
    @Test
    void stores_a_change_once_that_comes_again_behind_those_of_others() throws Exception {
        for (Set<String> guarded : List.of(Set.<String>of(), Set.of("a"))) {
            Snapshot made = stored(change(null, Map.of("a", "0", "b", "0")));
            Change again =
                    guarded(change(made, Map.of("a", "1")), guarded.stream().toArray(String[]::new));
            Snapshot last = stored(again);
            for (int others = 1; others < 64; others++) {
                Change other = change(last, Map.of(others % 3 == 0 ? "a" : "b", String.valueOf(others)));
                last = stored(others % 2 == 0 ? other : guarded(other, "b"));
            }
            assertThat(store.commit(key, again, HALF_AN_HOUR)).satisfies(RedisStoreTest::isStoredByNow);
            assertThat(store.isStill(key, last)).isTrue();
            assertThat(read()).isEqualTo(last);
            store.invalidate(key, HALF_AN_HOUR);
        }
    }

    @Test
    void stores_a_change_once_that_comes_again_behind_many_of_one_caller() throws Exception {
        Snapshot made = stored(change(null, Map.of("a", "0", "b", "0")));
        Change again = change(made, Map.of("a", "1"));
        Snapshot last = stored(again);
        for (int i = 1; i <= 200; i++) {
            Change next = change(last, Map.of("b", String.valueOf(i)));
            last = requireNonNull(
                    ((Committed.Stored) store.commit(key, i % 2 == 0 ? next : guarded(next, "b"), HALF_AN_HOUR))
                            .snapshot());
        }
        assertThat(store.commit(key, again, HALF_AN_HOUR)).satisfies(RedisStoreTest::isStoredByNow);
        assertThat(store.isStill(key, last)).isTrue();
        assertThat(server.command("HSTRLEN", new String(key.redisKey("holdfast:"), UTF_8), "#h"))
                .as("no longer for that")
                .isEqualTo(":40");
    }

    /** As where its answer is lost, and somebody ends the session before it comes again. */
    @Test
    void does_not_bring_back_a_session_that_was_ended_by_what_has_made_it() throws Exception {
        for (Change.Onto onto : List.of(Change.Onto.CHANGES, Change.Onto.REPLACES)) {
            SessionKey one = SessionKey.issue().key();
            Change making = new Change(null, Map.of("a", "1".getBytes(UTF_8)), Set.of(), Set.of(), null, onto);
            store.commit(one, making, HALF_AN_HOUR);
            Snapshot made = store.read(one, null, HALF_AN_HOUR);
            store.commit(one, change(made, Map.of("b", "2")), HALF_AN_HOUR);
            store.invalidate(one, HALF_AN_HOUR);
            store.invalidate(one, HALF_AN_HOUR);
            assertThat(store.commit(one, making, HALF_AN_HOUR)).isInstanceOf(Committed.Gone.class);
            assertThat(store.read(one, null, HALF_AN_HOUR)).as("%s", onto).isNull();

            store.commit(one, change(null, Map.of("c", "3")), HALF_AN_HOUR);
            Change replacing =
                    new Change(null, Map.of("d", "4".getBytes(UTF_8)), Set.of(), Set.of(), null, Change.Onto.REPLACES);
            store.commit(one, replacing, HALF_AN_HOUR);
            assertThat(store.commit(one, making, HALF_AN_HOUR)).isInstanceOf(Committed.Gone.class);
            assertThat(values(store.read(one, null, HALF_AN_HOUR))).isEqualTo(Map.of("d", "4"));
        }
    }

    /** What was sent first may be under way for longer than what was sent in its place, and than all that came behind. */
    @Test
    void does_not_do_late_what_was_sent_again_and_followed_by_others() throws Exception {
        JedisRedis redis = JedisRedis.connect(
                RedisAddress.of(server.url()), TimeUnit.SECONDS.toNanos(5), "holdfast:", Time.SYSTEM);
        List<List<byte[]>> first = new ArrayList<>();
        Redis sendsAgain = new Redis() {
            @Override
            public @Nullable Object eval(Script script, List<byte[]> keys, List<byte[]> arguments, Runnable again)
                    throws RedisUnavailableException {
                first.add(arguments);
                again.run();
                return redis.eval(script, keys, arguments);
            }

            @Override
            public boolean isAvailable(byte[] one) {
                return redis.isAvailable(one);
            }
        };
        RedisStore again = new RedisStore(sendsAgain, "holdfast:");
        Committed made = again.commit(key, change(null, Map.of("n", "1")), HALF_AN_HOUR);
        Snapshot base = requireNonNull(((Committed.Stored) made).snapshot());
        store.commit(key, change(base, Map.of("n", "2")), HALF_AN_HOUR);
        Script commit = Script.load(RedisStore.class, "commit.lua");
        List<byte[]> keys = List.of(key.redisKey("holdfast:"));
        redis.eval(commit, keys, first.get(0));
        assertThat(values(read())).isEqualTo(Map.of("n", "2"));
        store.invalidate(key, HALF_AN_HOUR);
        redis.eval(commit, keys, first.get(0));
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNull();
        redis.close();
    }

    /** As where its answer is lost, and somebody makes another session before it comes again. */
    @Test
    void ends_a_session_once_where_that_comes_twice() throws Exception {
        JedisRedis redis = JedisRedis.connect(
                RedisAddress.of(server.url()), TimeUnit.SECONDS.toNanos(5), "holdfast:", Time.SYSTEM);
        Redis twice = new Redis() {
            @Override
            public @Nullable Object eval(Script script, List<byte[]> keys, List<byte[]> arguments, Runnable again)
                    throws RedisUnavailableException {
                redis.eval(script, keys, arguments);
                try {
                    store.commit(key, change(null, Map.of("b", "2")), HALF_AN_HOUR);
                } catch (StoreUnavailableException away) {
                    throw new AssertionError(away);
                }
                return redis.eval(script, keys, arguments);
            }

            @Override
            public boolean isAvailable(byte[] one) {
                return redis.isAvailable(one);
            }
        };
        stored(change(null, Map.of("a", "1")));
        new RedisStore(twice, "holdfast:").invalidate(key, HALF_AN_HOUR);
        assertThat(values(read())).isEqualTo(Map.of("b", "2"));
        store.invalidate(key, HALF_AN_HOUR);
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNull();
        redis.close();
    }

    @Test
    void tells_two_states_apart_that_the_same_change_has_made() throws Exception {
        Snapshot last = stored(change(null, Map.of("a", "0", "b", "0")));
        Change again = change(last, Map.of("a", "1"));
        List<Snapshot> states = new ArrayList<>();
        last = stored(again);
        for (int others = 1; others <= 3; others++) {
            states.add(last);
            last = stored(change(last, Map.of("b", String.valueOf(others))));
        }
        on(key, "'HDEL', KEYS[1], '#h'"); // as after some seconds
        store.commit(key, again, HALF_AN_HOUR);
        for (Snapshot state : states) {
            assertThat(store.isStill(key, state)).isFalse();
            assertThat(store.read(key, state, HALF_AN_HOUR)).isEqualTo(read());
        }
        assertThat(values(read())).isEqualTo(Map.of("a", "1", "b", "3"));
    }

    @Test
    void tells_a_session_from_one_that_has_the_same_version_by_another_change() throws Exception {
        store.commit(key, change(null, Map.of("n", "1")), HALF_AN_HOUR);
        Snapshot first = read();
        Change lost = new Change(first, Map.of("n", "2".getBytes(UTF_8)), Set.of(), Set.of(), null);
        store.commit(key, lost, HALF_AN_HOUR);
        Snapshot second = read();
        assertThat(store.isStill(key, first)).isFalse();
        assertThat(store.isStill(key, second)).isTrue();
        // As after a failover, by which the second change was lost, and another has come since.
        on(key, "'HSET', KEYS[1], '#v', '2', '#n', '77', '@n', '2 3'");
        assertThat(store.isStill(key, second)).isFalse();
        assertThat(values(store.read(key, second, HALF_AN_HOUR))).isEqualTo(Map.of("n", "3"));
        Committed committed = store.commit(
                key, new Change(second, Map.of("m", "4".getBytes(UTF_8)), Set.of(), Set.of(), null), HALF_AN_HOUR);
        assertThat(committed).as("what it goes by is not what was there").satisfies(RedisStoreTest::isStoredByNow);
        assertThat(values(read())).isEqualTo(Map.of("n", "3", "m", "4"));
    }

    @Test
    void knows_of_no_session_that_it_is_still_as_it_was_where_there_is_none_or_none_of_ours() throws Exception {
        store.commit(key, change(null, Map.of("n", "1")), HALF_AN_HOUR);
        Snapshot known = read();
        on(key, "'DEL', KEYS[1]");
        assertThat(store.isStill(key, known)).isFalse();
        on(key, "'SET', KEYS[1], 'garbage', 'PX', 60000");
        assertThat(store.isStill(key, known)).isFalse();
    }

    @Test
    void knows_of_no_session_that_it_is_still_as_it_was_whose_header_is_damaged() throws Exception {
        for (String field : List.of("#n", "#v", "#g", "#c", "#u")) {
            for (String damage : List.of(
                    "'HDEL', KEYS[1], '" + field + "'",
                    "'HSET', KEYS[1], '" + field + "', 'x'",
                    "'HSET', KEYS[1], '" + field + "', '0'")) {
                Snapshot known = stored(change(null, Map.of("n", "1")));
                assertThat(store.isStill(key, known)).isTrue();
                on(key, damage);
                assertThat(store.isStill(key, known)).as(damage).isFalse();
                assertThat(store.read(key, known, HALF_AN_HOUR))
                        .as(damage)
                        .isEqualTo(store.read(key, null, HALF_AN_HOUR));
                store.invalidate(key, HALF_AN_HOUR);
            }
        }
    }

    /** What has become of a hash, and how; without what differs between two of them. */
    private static String present(SessionKey key) throws Exception {
        return server.command(
                "EVAL",
                "local text = {redis.call('TYPE', KEYS[1]).ok} if text[1] ~= 'hash' then return text[1] end"
                        + " local now, all = tonumber(redis.call('TIME')[1]) * 1000, redis.call('HGETALL', KEYS[1])"
                        + " for i = 1, #all, 2 do local name, value = all[i], all[i + 1]"
                        + " if name == '#u' and tonumber(value) then value = now - value < 20000 and 'used' or 'unused' end"
                        + " if name ~= '#c' and name ~= '#g' and name ~= '#n' and name ~= '#h' and name ~= '#l' and name ~= '#moved' then text[#text + 1] = name .. '=' .. value end end"
                        + " table.sort(text) return table.concat(text, ';') .. ';lives ' .. math.ceil(redis.call('PTTL', KEYS[1]) / 30000)",
                "1",
                new String(key.redisKey("holdfast:"), UTF_8));
    }

    private static long calls(String command) throws Exception {
        Matcher calls =
                Pattern.compile("cmdstat_" + command + ":calls=(\\d+)").matcher(server.command("INFO", "commandstats"));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    /** What commit.lua does with a change of a session that was damaged or changed like that. The mark is nobody's, so that it is no usual change. */
    private String committed(String damage, boolean usual, long reads) throws Exception {
        SessionKey one = SessionKey.issue().key();
        store.commit(one, change(null, Map.of("a", "1", "b", "1")), HALF_AN_HOUR);
        Snapshot base = requireNonNull(store.read(one, null, HALF_AN_HOUR));
        on(one, damage);
        Map<String, byte[]> set = new LinkedHashMap<>();
        set.put("a", "2".getBytes(UTF_8));
        set.put("c", "é\0 ".getBytes(UTF_8));
        Change change = new Change(
                base,
                set,
                Set.of(),
                Set.of(),
                null,
                Change.Onto.CHANGES,
                Change.newMark(),
                usual ? Set.of() : Set.of(5L),
                0,
                Change.newGeneration());
        long before = calls("hmget");
        long told = calls("publish");
        Committed committed = store.commit(one, change, HALF_AN_HOUR);
        assertThat(calls("hmget") - before).as("reads for " + damage).isEqualTo(reads);
        String text = committed.getClass().getSimpleName() + ";told " + (calls("publish") - told) + ";" + present(one);
        if (committed instanceof Committed.Stored stored) {
            Snapshot snapshot = stored.snapshot();
            text += ";" + stored.renewed() + ";" + values(snapshot) + ";"
                    + (snapshot == null
                            ? ""
                            : snapshot.version() + ";" + (snapshot.generation() == base.generation()) + ";"
                                    + (snapshot.mark() == change.mark()) + ";"
                                    + (snapshot.createdMillis() == base.createdMillis()) + ";"
                                    + (store.isStill(one, snapshot)
                                            && values(snapshot).equals(values(store.read(one, null, HALF_AN_HOUR)))));
        }
        return text;
    }

    @Test
    void stores_the_usual_change_by_the_short_way_as_by_the_long_one() throws Exception {
        long now = System.currentTimeMillis();
        for (String state : List.of(
                "'PING'",
                "'HSET', KEYS[1], '@d', '1 4'",
                "'HSET', KEYS[1], '#n', '77'",
                "'HSET', KEYS[1], '#n', '7 8'",
                "'HSET', KEYS[1], '#n', 'x'",
                "'HSET', KEYS[1], '#n', '" + "7".repeat(60) + "'",
                "'HSET', KEYS[1], '#v', '99999999999'",
                "'HSET', KEYS[1], '#u', '" + (now - 1_800_000) + "'",
                "'HSET', KEYS[1], '#u', '" + (now + 1_800_000) + "'",
                "'HSET', KEYS[1], '#c', '" + (now - 43_200_000 + 75_000) + "'",
                "'PEXPIRE', KEYS[1], '40000'")) {
            assertThat(committed(state, true, 1))
                    .as(state)
                    .isEqualTo(committed(state, false, 1))
                    .startsWith("Stored;told 1;#u=used;");
        }
        assertThat(committed("'PING'", true, 1))
                .endsWith(
                        ";#u=used;#v=2;@a=2 2;@b=1 1;@c=2 é\0 ;hash;lives 62;true;{a=2, b=1, c=é\0 };2;true;true;true;true");
    }

    @Test
    void goes_the_long_way_with_whatever_is_not_as_usual() throws Exception {
        long now = System.currentTimeMillis();
        List<String> states = new ArrayList<>();
        for (String value :
                List.of("", "x", "1.5", "-1", "1e1", "0x10", " 1", "1 ", "nan", "inf", "99999999999999999999")) {
            states.add("'HSET', KEYS[1], '#v', '" + value + "'");
            states.add("'HSET', KEYS[1], '#c', '" + value + "'");
            states.add("'HSET', KEYS[1], '#u', '" + value + "'");
        }
        for (String field : List.of("#v", "#g", "#c", "#u")) {
            states.add("'HDEL', KEYS[1], '" + field + "'");
        }
        states.add("'HSET', KEYS[1], '#g', '1'");
        states.add("'HSET', KEYS[1], '#c', '" + now + ".5'");
        states.add("'HSET', KEYS[1], '#u', '" + now + ".5'");
        states.add("'HSET', KEYS[1], '#c', '" + (now - 43_200_000) + "'");
        states.add("'HSET', KEYS[1], '#u', '" + (now - 1_860_000) + "'");
        states.add("'DEL', KEYS[1]");
        states.add("'DEL', KEYS[1]) redis.call('SET', KEYS[1], 'garbage', 'PX', 60000");
        for (String state : states) {
            assertThat(committed(state, true, 2))
                    .as(state)
                    .isEqualTo(committed(state, false, 1))
                    .startsWith("Gone;told 0;");
        }
        for (String state : List.of(
                "'HDEL', KEYS[1], '#n'",
                "'HDEL', KEYS[1], '#l'",
                "'HSET', KEYS[1], '#l', '1860000 43200000 0'",
                "'HSET', KEYS[1], '#l', '3860000 43200000 60000'",
                "'HSET', KEYS[1], '#l', '1860000 83200000 60000'",
                "'HSET', KEYS[1], '#v', '100000000000000'",
                "'HSET', KEYS[1], '@\\0idle', '1 3600000'",
                "'HSET', KEYS[1], '@\\0idle', '1 0'",
                "'HSET', KEYS[1], '@\\0idle', 'nonsense'")) {
            assertThat(committed(state, true, 2))
                    .as(state)
                    .isEqualTo(committed(state, false, 1))
                    .startsWith("Stored;told 1;");
        }
        String moved = "'RENAME', KEYS[1], KEYS[1] .. 'x') redis.call('HSET', KEYS[1], '#moved', KEYS[1] .. 'x'";
        assertThat(committed(moved, true, 3))
                .isEqualTo(committed(moved, false, 2))
                .startsWith("Stored;told 1;");
    }

    @Test
    void lives_on_from_a_change_by_either_way() throws Exception {
        for (Map<String, String> set : List.of(Map.of("a", "2"), Map.of("a", "2", Snapshot.IDLE, "3600000"))) {
            Snapshot base = stored(change(null, Map.of("a", "1")));
            long life = set.size() == 1 ? 1_860_000 : 3_660_000;
            on(key, "'PEXPIRE', KEYS[1], '40000'");
            store.commit(key, change(base, set), HALF_AN_HOUR);
            assertThat(left(key, "")).isBetween(life - 20_000, life);
            on(key, "'PEXPIRE', KEYS[1], '40000'");
            long before = calls("hmget");
            store.commit(key, change(read(), Map.of("a", "3")), HALF_AN_HOUR);
            assertThat(calls("hmget") - before).as("a read, and one way").isEqualTo(2);
            assertThat(left(key, "")).isBetween(life - 20_000, life);
            store.invalidate(key, HALF_AN_HOUR);
        }
    }

    @Test
    void is_kept_for_whom_it_lives_longest_and_noted_for_whom_it_ends_soonest() throws Exception {
        Lifetime brief = new Lifetime(60_000, 600_000);
        store.commit(key, change(null, Map.of("a", "1")), brief);
        assertThat(left(key, "")).isBetween(46_000L, 66_000L);
        Snapshot base = requireNonNull(store.read(key, null, brief));
        assertThat(base.span()).isEqualTo(new Span(66_000, 600_000, 6_000));
        assertThat(store.isStill(key, base)).isTrue();
        Snapshot longer = requireNonNull(store.read(key, base, HALF_AN_HOUR));
        assertThat(longer.span()).isEqualTo(new Span(1_860_000, 43_200_000, 6_000));
        assertThat(left(key, "")).isBetween(1_840_000L, 1_860_000L);
        assertThat(store.isStill(key, base))
                .as("its use is noted, and kept, otherwise")
                .isFalse();
        assertThat(requireNonNull(store.read(key, base, brief)).span()).isEqualTo(longer.span());

        Committed stored = store.commit(key, change(longer, Map.of("b", "2")), brief);
        assertThat(stored).isInstanceOfSatisfying(Committed.Stored.class, now -> assertThat(now.snapshot())
                .isEqualTo(requireNonNull(now.snapshot()).within(longer.span())));
        assertThat(left(key, "")).isBetween(1_840_000L, 1_860_000L);
        assertThat(read().span()).isEqualTo(longer.span());

        long now = System.currentTimeMillis();
        on(key, "'HSET', KEYS[1], '#u', '" + (now - 10_000) + "'");
        assertThat(read().lastUsedMillis()).isEqualTo(now - 10_000);
        assertThat(read().lastUsedMillis()).as("noted").isGreaterThanOrEqualTo(now);
        on(key, "'HSET', KEYS[1], '#u', '" + (now - 120_000) + "', '#c', '" + (now - 300_000) + "'");
        assertThat(store.read(key, null, brief)).isNull();
        assertThat(read()).isNotNull();
        on(key, "'HSET', KEYS[1], '#c', '" + (now - 700_000) + "'");
        assertThat(store.read(key, null, brief)).isNull();
        assertThat(read()).isNotNull();
    }

    @Test
    void is_kept_for_those_who_have_not_used_it_yet() throws Exception {
        Lives lives = new Lives();
        Lifetime brief = lives.lifetime(60_000, 600_000);
        Lifetime longer = lives.lifetime(1_800_000, 43_200_000);
        for (int i = 0; i < 2; i++) {
            store.commit(key, change(i == 0 ? null : store.read(key, null, brief), Map.of("a", "1")), brief);
            assertThat(left(key, "")).isBetween(1_840_000L, 1_860_000L);
        }
        on(key, "'PEXPIRE', KEYS[1], '40000'");
        on(key, "'HSET', KEYS[1], '#u', '" + (System.currentTimeMillis() - 10_000) + "'");
        store.read(key, null, longer);
        assertThat(left(key, "")).isBetween(1_840_000L, 1_860_000L);
        assertThat(requireNonNull(store.read(key, null, brief)).lastUsedMillis())
                .as("noted for the other")
                .isGreaterThan(System.currentTimeMillis() - 9_000);
    }

    @Test
    void one_that_ends_by_its_age_alone_has_the_greatest() throws Exception {
        Lifetime brief = new Lifetime(1_800_000, 600_000);
        Snapshot base = stored(change(null, Map.of(Snapshot.IDLE, "0")));
        store.read(key, null, brief);
        assertThat(left(key, "")).isBetween(43_100_000L, 43_200_000L);
        store.commit(key, change(base, Map.of("a", "1")), brief);
        assertThat(left(key, "")).isBetween(43_100_000L, 43_200_000L);
    }

    @Test
    void ends_a_session_whatever_stands_where_that_is_noted() throws Exception {
        Snapshot base = stored(change(null, Map.of("a", "1")));
        on(key, "'SET', KEYS[1] .. ':ended', 'garbage', 'PX', 60000");
        SessionKey renewed = key.renew().key();
        assertThat(store.commit(key, new Change(base, Map.of(), Set.of(), Set.of(), renewed), HALF_AN_HOUR))
                .isInstanceOf(Committed.Stored.class);
        on(renewed, "'SET', KEYS[1] .. ':ended', 'garbage', 'PX', 60000");
        store.invalidate(renewed, HALF_AN_HOUR);
        assertThat(store.read(renewed, null, HALF_AN_HOUR)).isNull();
        assertThat(left(key)).isGreaterThan(3_500_000L);
        assertThat(left(renewed)).isGreaterThan(3_500_000L);
    }

    @Test
    void takes_a_damaged_span_for_that_of_who_finds_it() throws Exception {
        for (String damage : List.of("x", "1 2", "1 2 3 4", "9999999999999999 1 1", "-1 1 1", "1e9 1 1", "")) {
            Snapshot base = stored(change(null, Map.of("a", "1")));
            on(key, "'HSET', KEYS[1], '#l', '" + damage + "'");
            store.commit(key, change(base, Map.of("b", "2")), HALF_AN_HOUR);
            assertThat(store.isStill(key, read())).as(damage).isTrue();
            on(key, "'HSET', KEYS[1], '#l', '" + damage + "'");
            assertThat(read().span()).as(damage).isEqualTo(Span.of(HALF_AN_HOUR));
            assertThat(store.isStill(key, read())).as(damage).isTrue();
            assertThat(left(key, "")).as(damage).isBetween(1_840_000L, 1_860_000L);
            store.invalidate(key, HALF_AN_HOUR);
        }
    }

    @Test
    void tells_the_others_of_each_change() throws Exception {
        Snapshot base = stored(change(null, Map.of("a", "1")));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("SUBSCRIBE holdfast:sessions\r\n".getBytes(UTF_8));
            BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            String name = new String(key.redisKey("holdfast:"), UTF_8);
            for (int i = 0; i < 6; i++) { // what is said to the subscription
                lines.readLine();
            }
            store.commit(key, change(base, Map.of("a", "2")), HALF_AN_HOUR);
            store.commit(key, guarded(change(base, Map.of("b", "2")), "b"), HALF_AN_HOUR);
            for (int version = 2; version <= 3; version++) {
                String line = lines.readLine();
                while (!line.startsWith(name)) {
                    line = lines.readLine();
                }
                assertThat(line).isEqualTo(name + " " + version + " " + base.generation());
            }
        }
    }

    @Test
    void stores_thousands_of_values_at_once() throws Exception {
        Map<String, byte[]> many = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            many.put("name" + i, ("value" + i).getBytes(UTF_8));
        }
        store.commit(key, new Change(null, many, Set.of(), Set.of(), null), HALF_AN_HOUR);
        assertThat(values(read())).hasSize(5000).containsEntry("name4999", "value4999");
        store.commit(key, new Change(read(), many, Set.of(), Set.of(), null), HALF_AN_HOUR);
        assertThat(read().attributes().values()).hasSize(5000).allMatch(attribute -> attribute.version() == 2);
    }

    @Test
    void lets_nobody_write_over_what_others_have_changed_behind_a_change_of_its_own_that_may_be_stored()
            throws Exception {
        store.commit(key, change(null, Map.of("n", "1")), HALF_AN_HOUR);
        Snapshot base = read();
        store.commit(key, change(base, Map.of("n", "theirs")), HALF_AN_HOUR);
        Change lost = change(base, Map.of("m", "1"));
        store.commit(key, lost, HALF_AN_HOUR);
        Change next = new Change(
                base,
                Map.of("n", "2".getBytes(UTF_8)),
                Set.of(),
                Set.of("n"),
                null,
                Change.Onto.CHANGES,
                Change.newMark(),
                Set.of(5L, lost.mark(), 6L),
                0,
                Change.newGeneration());
        assertThat(store.commit(key, next, HALF_AN_HOUR)).isEqualTo(new Committed.Conflicting("n"));
    }

    /** A Redis that has hung does what it was sent when it wakes up, be it before or after what was sent then. */
    @Test
    void does_not_do_late_what_another_change_was_sent_in_place_of() throws Exception {
        store.commit(key, change(null, Map.of("n", "1")), HALF_AN_HOUR);
        Snapshot base = read();
        Change late = change(base, Map.of("n", "2"));
        Change instead = new Change(
                base,
                Map.of("n", "3".getBytes(UTF_8)),
                Set.of(),
                Set.of("n"),
                null,
                Change.Onto.CHANGES,
                Change.newMark(),
                Set.of(late.mark(), 5L),
                0,
                Change.newGeneration());
        store.commit(key, instead, HALF_AN_HOUR);
        assertThat(store.commit(key, late, HALF_AN_HOUR)).isInstanceOf(Committed.Stored.class);
        assertThat(values(read())).isEqualTo(Map.of("n", "3"));
    }

    @Test
    void ends_with_a_session_what_may_have_been_stored_of_it_before_or_after() throws Exception {
        long longAgo = System.currentTimeMillis() - TimeUnit.HOURS.toMillis(1);
        for (boolean isStored : new boolean[] {true, false}) {
            SessionKey other = SessionKey.issue().key();
            Change made = change(null, Map.of("n", "1"));
            if (isStored) {
                store.commit(other, made, HALF_AN_HOUR);
            }
            store.invalidateLate(
                    other,
                    Change.newMark(),
                    longAgo,
                    0,
                    false,
                    Set.of(1_000_000_000_000_000_005L, made.mark()),
                    HALF_AN_HOUR);
            assertThat(store.read(other, null, HALF_AN_HOUR)).isNull();
            assertThat(store.commit(other, made, HALF_AN_HOUR)).isInstanceOf(Committed.Gone.class);
            assertThat(store.read(other, null, HALF_AN_HOUR)).isNull();
            store.commit(other, change(null, Map.of("n", "2")), HALF_AN_HOUR);
            store.invalidateLate(
                    other,
                    Change.newMark(),
                    longAgo,
                    0,
                    false,
                    Set.of(1_000_000_000_000_000_005L, made.mark()),
                    HALF_AN_HOUR);
            assertThat(values(store.read(other, null, HALF_AN_HOUR))).isEqualTo(Map.of("n", "2"));

            store.commit(other, restoring(0, Change.Onto.REPLACES, Set.of(1_000_000_000_000_000_007L)), HALF_AN_HOUR);
            Change replaced = new Change(
                    null,
                    Map.of("old", "1".getBytes(UTF_8)),
                    Set.of(),
                    Set.of(),
                    null,
                    Change.Onto.CHANGES,
                    1_000_000_000_000_000_007L,
                    Set.of(),
                    0,
                    Change.newGeneration());
            store.commit(other, replaced, HALF_AN_HOUR);
            assertThat(values(store.read(other, null, HALF_AN_HOUR))).isEqualTo(Map.of("a", "1"));
        }
    }

    private static long left(SessionKey key) throws Exception {
        return left(key, ":ended");
    }

    private static long left(SessionKey key, String behind) throws Exception {
        String said = server.command("PTTL", new String(key.redisKey("holdfast:"), UTF_8) + behind);
        return Long.parseLong(said.substring(1).trim()); // behind the sign of a number
    }

    private static Change restoring(long createdMillis) {
        return restoring(createdMillis, Change.Onto.RESTORES, Set.of());
    }

    private static Change restoring(long createdMillis, Change.Onto onto, Set<Long> doubtful) {
        return new Change(
                null,
                Map.of("a", "1".getBytes(UTF_8)),
                Set.of(),
                Set.of(),
                null,
                onto,
                Change.newMark(),
                doubtful,
                createdMillis,
                Change.newGeneration());
    }

    @Test
    void restores_a_session_as_old_as_it_was() throws Exception {
        store.commit(key, change(null, Map.of("a", "1")), HALF_AN_HOUR);
        long created = read().createdMillis() - TimeUnit.HOURS.toMillis(11);
        on(key, "'DEL', KEYS[1]");
        store.commit(key, restoring(created), HALF_AN_HOUR);
        assertThat(read().createdMillis()).isEqualTo(created);
        on(key, "'DEL', KEYS[1]");
        Change late = restoring(created - TimeUnit.HOURS.toMillis(1));
        assertThat(store.commit(key, late, HALF_AN_HOUR)).isInstanceOf(Committed.Gone.class);
        Change lateAndNew = restoring(created - TimeUnit.HOURS.toMillis(1), Change.Onto.CHANGES, Set.of());
        assertThat(store.commit(key, lateAndNew, HALF_AN_HOUR)).isInstanceOf(Committed.Gone.class);
    }

    /** Made on a node without Redis, which did not know that there was one already. */
    @Test
    void makes_no_session_that_began_before_one_of_that_key_was_ended() throws Exception {
        long before = System.currentTimeMillis() - 100;
        store.commit(key, change(null, Map.of("a", "1")), HALF_AN_HOUR);
        store.invalidate(key, HALF_AN_HOUR);
        Change late = restoring(before, Change.Onto.CHANGES, Set.of());
        assertThat(store.commit(key, late, HALF_AN_HOUR)).isInstanceOf(Committed.Gone.class);
        Change since = restoring(System.currentTimeMillis() + 100, Change.Onto.CHANGES, Set.of());
        assertThat(store.commit(key, since, HALF_AN_HOUR)).isInstanceOf(Stored.class);
    }

    @Test
    void knows_that_a_session_was_ended_for_as_long_as_it_could_have_lived() throws Exception {
        store.commit(key, restoring(System.currentTimeMillis() - TimeUnit.HOURS.toMillis(2)), HALF_AN_HOUR);
        long created = read().createdMillis();
        store.invalidate(key, HALF_AN_HOUR);
        assertThat(left(key)).isBetween(TimeUnit.MINUTES.toMillis(599), TimeUnit.MINUTES.toMillis(600));

        // Another one of the same key comes and goes, as Redis does when its time is over.
        store.commit(key, change(null, Map.of("b", "2")), HALF_AN_HOUR);
        assertThat(values(read())).isEqualTo(Map.of("b", "2"));
        on(key, "'DEL', KEYS[1]");
        assertThat(store.commit(key, restoring(created), HALF_AN_HOUR)).isInstanceOf(Committed.Gone.class);

        Lifetime brief = new Lifetime(1000, 2000);
        SessionKey other = SessionKey.issue().key();
        store.commit(other, change(null, Map.of("a", "1")), brief);
        store.invalidate(other, brief);
        assertThat(left(other)).as("for an hour at least").isGreaterThan(TimeUnit.MINUTES.toMillis(59));
        store.commit(key, change(null, Map.of("a", "1")), brief);
        store.invalidate(key, brief);
        assertThat(left(key)).as("that of the first one still").isGreaterThan(TimeUnit.MINUTES.toMillis(598));
    }

    /** Two nodes go on without Redis, which comes back empty: what the first has restored is nothing that the second has seen. */
    @Test
    void gives_what_it_restores_versions_that_nobody_has_seen() throws Exception {
        store.commit(key, change(null, Map.of("x", "1")), HALF_AN_HOUR);
        Snapshot base = read();
        on(key, "'DEL', KEYS[1]");
        Change restoring = new Change(
                null,
                Map.of("x", "2".getBytes(UTF_8)),
                Set.of(),
                Set.of(),
                null,
                Change.Onto.RESTORES,
                Change.newMark(),
                Set.of(),
                base.createdMillis(),
                base.generation());
        assertThat(store.commit(key, restoring, HALF_AN_HOUR)).isInstanceOf(Committed.Stored.class);
        Change guarded = new Change(base, Map.of("x", "3".getBytes(UTF_8)), Set.of(), Set.of("x"), null);
        assertThat(store.commit(key, guarded, HALF_AN_HOUR)).isEqualTo(new Committed.Conflicting("x"));
        store.commit(key, change(read(), Map.of("y", "1")), HALF_AN_HOUR);
        assertThat(values(read())).isEqualTo(Map.of("x", "2", "y", "1"));
    }

    @Test
    void ends_under_an_id_that_was_left_nothing_that_goes_on_under_another() throws Exception {
        store.commit(key, change(null, Map.of("x", "1")), HALF_AN_HOUR);
        Snapshot base = read();
        SessionKey renewed = key.renew().key();
        Change moving = new Change(base, Map.of(), Set.of(), Set.of(), renewed);
        store.commit(key, moving, HALF_AN_HOUR);
        store.invalidateLate(
                key,
                Change.newMark(),
                System.currentTimeMillis(),
                base.generation(),
                true,
                Set.of(moving.mark()),
                HALF_AN_HOUR);
        assertThat(values(store.read(renewed, null, HALF_AN_HOUR))).isEqualTo(Map.of("x", "1"));
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNull();
    }

    /** It was not answered, so something else was made in its place; now it comes. */
    @Test
    void an_end_that_comes_late_ends_nothing_that_was_made_since() throws Exception {
        long mark = Change.newMark();
        Change made = change(null, Map.of("user", "ann"));
        store.commit(key, made.doubting(Set.of(mark)), HALF_AN_HOUR);
        store.invalidate(key, mark, Set.of(), HALF_AN_HOUR);
        assertThat(values(store.read(key, null, HALF_AN_HOUR))).isEqualTo(Map.of("user", "ann"));
        store.invalidate(key, Change.newMark(), Set.of(), HALF_AN_HOUR);
        assertThat(store.read(key, null, HALF_AN_HOUR)).isNull();
    }

    /** Nor does a change make anything that was in doubt when the session was ended. */
    @Test
    void a_change_that_comes_late_makes_nothing_in_place_of_what_was_ended_since() throws Exception {
        Change late = change(null, Map.of("user", "ann"));
        store.invalidate(key, Change.newMark(), Set.of(late.mark()), HALF_AN_HOUR);
        assertThat(store.commit(key, late, HALF_AN_HOUR)).isInstanceOf(Committed.Gone.class);
        assertThat(store.commit(key, change(null, Map.of("user", "bob")).doubting(Set.of(late.mark())), HALF_AN_HOUR))
                .as("at once")
                .isInstanceOf(Committed.Stored.class);
        store.commit(key, late, HALF_AN_HOUR);
        assertThat(values(store.read(key, null, HALF_AN_HOUR))).isEqualTo(Map.of("user", "bob"));
    }

    @Test
    void restores_nothing_under_an_id_that_was_left_or_of_a_session_that_made_way() throws Exception {
        store.commit(key, change(null, Map.of("a", "1")), HALF_AN_HOUR);
        Snapshot base = read();
        SessionKey renewed = key.renew().key();
        store.commit(key, new Change(base, Map.of(), Set.of(), Set.of(), renewed), HALF_AN_HOUR);
        on(key, "'DEL', KEYS[1]"); // where it went is known for a minute
        assertThat(store.commit(key, restoring(base.createdMillis()), HALF_AN_HOUR))
                .isInstanceOf(Committed.Gone.class);
        assertThat(store.commit(renewed, restoring(0, Change.Onto.REPLACES, Set.of()), HALF_AN_HOUR))
                .isInstanceOf(Committed.Stored.class);
        on(renewed, "'DEL', KEYS[1]");
        assertThat(store.commit(renewed, restoring(base.createdMillis()), HALF_AN_HOUR))
                .isInstanceOf(Committed.Gone.class);
    }

    @Test
    void does_not_make_anew_what_may_have_been_stored_and_ended() throws Exception {
        Change made = restoring(System.currentTimeMillis() - 1000, Change.Onto.CHANGES, Set.of());
        store.commit(key, made, HALF_AN_HOUR);
        store.invalidate(key, HALF_AN_HOUR);
        Change again = restoring(made.createdMillis(), Change.Onto.CHANGES, Set.of(made.mark()));
        assertThat(store.commit(key, again, HALF_AN_HOUR)).isInstanceOf(Committed.Gone.class);
        Change newer = restoring(System.currentTimeMillis() + 1000, Change.Onto.CHANGES, Set.of(5L));
        on(key, "'HSET', KEYS[1] .. ':ended', 'at', '1000'");
        assertThat(store.commit(key, newer, HALF_AN_HOUR)).isInstanceOf(Committed.Stored.class);
    }

    @Test
    void restores_what_was_lost_and_not_what_was_ended() throws Exception {
        Change restoring =
                new Change(null, Map.of("a", "1".getBytes(UTF_8)), Set.of(), Set.of(), null, Change.Onto.RESTORES);
        assertThat(store.commit(key, restoring, HALF_AN_HOUR)).isInstanceOf(Committed.Stored.class);
        assertThat(store.commit(
                        key,
                        new Change(null, restoring.set(), Set.of(), Set.of(), null, Change.Onto.RESTORES),
                        HALF_AN_HOUR))
                .as("there is one")
                .isInstanceOf(Committed.Gone.class);
        assertThat(store.commit(
                        key,
                        new Change(
                                null,
                                Map.of("a", "2".getBytes(UTF_8)),
                                Set.of(),
                                Set.of(),
                                null,
                                Change.Onto.RESTORES,
                                Change.newMark(),
                                Set.of(restoring.mark()),
                                0,
                                Change.newGeneration()),
                        HALF_AN_HOUR))
                .as("and it is that of an attempt before, whose answer was lost")
                .isInstanceOf(Committed.Stored.class);
        assertThat(values(read())).isEqualTo(Map.of("a", "2"));
        store.invalidate(key, HALF_AN_HOUR);
        assertThat(store.commit(
                        key,
                        new Change(null, restoring.set(), Set.of(), Set.of(), null, Change.Onto.RESTORES),
                        HALF_AN_HOUR))
                .as("it was ended")
                .isInstanceOf(Committed.Gone.class);
        store.commit(key, change(null, Map.of("b", "2")), HALF_AN_HOUR);
        assertThat(values(read())).isEqualTo(Map.of("b", "2"));
    }
}
