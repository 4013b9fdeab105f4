package dev.holdfast.runtime.session.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.redis.Redis;
import dev.holdfast.runtime.redis.RedisUnavailableException;
import dev.holdfast.runtime.redis.Script;
import dev.holdfast.runtime.time.WallClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in Redis: one hash each, and a script for whatever is done with them. The scripts say what a hash looks like. Time is Redis' own.
 * Thread-safe.
 *
 * <p>A script may run twice, if its answer is lost on the way. Reading twice is as good as once. A commit that comes again finds its mark
 * among those of the last 64 changes, and an end its own where it is noted; neither does anything then. So do
 * changes that somebody has given up, and has put his mark upon them with one that came behind.
 */
public final class RedisStore implements SessionStore {

    private static final Script READ = Script.load(RedisStore.class, "read.lua");
    private static final Script COMMIT = Script.load(RedisStore.class, "commit.lua");
    private static final Script INVALIDATE = Script.load(RedisStore.class, "invalidate.lua");

    /**
     * How long it is known of a session at least that it was ended: till its maximum age, if that is longer. Who was cut off from Redis may not try to
     * restore one after so long.
     */
    public static final long ENDED_MILLIS = 3_600_000;

    private static final byte[] NOTHING = {};
    private static final byte[] MOVES = {'1'};
    private static final byte[] ENDED = text(ENDED_MILLIS);
    private static final byte[] DAMAGED = "DAMAGED".getBytes(ISO_8859_1);

    /** Damage may be met with each request. */
    private static final long QUIET_MILLIS = 60_000;

    /** What there is of each session, see read.lua. */
    private static final List<byte[]> HEADER = Stream.of("#n", "#v", "#g", "#c", "#u", "#l")
            .map(name -> name.getBytes(UTF_8))
            .toList();

    /** Each is a command of its own in the short way; with about eight of them the long way is the cheaper one. */
    private static final int MOST_USUAL_VALUES = 5;

    /** As many as a commit has that is no usual one, with a few values. */
    private static final int USUAL_ARGUMENTS = 24;

    private static final int MARK_DIGITS = 19;

    /** Of a number, that it fits a long. */
    private static final int MOST_DIGITS = 18;

    private final Redis redis;
    private final String prefix;
    private final byte[] channel;
    private final AtomicLong toldOfDamage = new AtomicLong();

    /**
     * Over that Redis.
     *
     * @param prefix of every key
     */
    public RedisStore(Redis redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
        this.channel = channel(prefix).getBytes(UTF_8);
    }

    /** Where all nodes are told of changes: the key, the version and the generation, with spaces between; version 0 for a session that is no more. */
    public static String channel(String prefix) {
        return prefix + "sessions";
    }

    @Override
    public @Nullable Snapshot read(SessionKey key, @Nullable Snapshot known, Lifetime lifetime)
            throws StoreUnavailableException {
        Span usual = lifetime.span();
        byte[] usualText = text(usual.text());
        List<byte[]> arguments = List.of(
                text(lifetime.idleMillis()),
                text(lifetime.maxAgeMillis()),
                text(lifetime.slackMillis()),
                known == null || known.mark() == 0 ? NOTHING : text(header(known)),
                usualText,
                text(usual.slackMillis()));
        List<?> result = (List<?>) eval(READ, List.of(key.redisKey(prefix)), arguments);
        if (result == null) {
            return null;
        }
        if (Arrays.equals((byte[]) result.get(0), DAMAGED)) {
            tellOfDamage();
            return null;
        }
        long used = number(result.get(0));
        byte[] there = (byte[]) result.get(1);
        Span span = Arrays.equals(there, usualText) ? usual : Span.of(new String(there, ISO_8859_1), usual);
        if (result.size() == 2) {
            if (known == null) {
                throw new IllegalStateException("what nobody has cannot be as it was");
            }
            return (used == known.lastUsedMillis() ? known : known.usedAt(used)).within(span);
        }
        Map<String, Snapshot.Attribute> attributes = new HashMap<>();
        for (int i = 6; i < result.size(); i += 2) {
            attributes.put(new String((byte[]) result.get(i), UTF_8), attribute((byte[]) result.get(i + 1)));
        }
        return new Snapshot(
                number(result.get(2)),
                number(result.get(3)),
                number(result.get(4)),
                used,
                Math.max(0, digits(result.get(5))),
                false,
                span,
                attributes);
    }

    @Override
    public boolean isStill(SessionKey key, Snapshot known) throws StoreUnavailableException {
        return known.mark() != 0
                && eval(Script.FIELDS, List.of(key.redisKey(prefix)), HEADER) instanceof List<?> header
                && digits(header.get(0)) == known.mark()
                && digits(header.get(1)) == known.version()
                && digits(header.get(2)) == known.generation()
                && digits(header.get(3)) == known.createdMillis()
                && digits(header.get(4)) >= known.lastUsedMillis()
                && isText(header.get(5), known.span().text());
    }

    private static String header(Snapshot known) {
        return known.version() + " " + known.generation() + " " + known.createdMillis() + " " + known.mark();
    }

    private static boolean isText(@Nullable Object stored, String text) {
        if (!(stored instanceof byte[] bytes) || bytes.length != text.length()) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A number or a mark; less than 0 for what is none. */
    private static long digits(@Nullable Object stored) {
        if (!(stored instanceof byte[] bytes) || bytes.length == 0 || bytes.length > MARK_DIGITS) {
            return -1;
        }
        long number = 0;
        for (byte one : bytes) {
            if (one < '0' || one > '9') {
                return -1;
            }
            number = number * 10 + (one - '0');
        }
        return number;
    }

    /** Not which one, as there may be many. */
    private void tellOfDamage() {
        long now = WallClock.millis();
        long last = toldOfDamage.get();
        if (now - last >= QUIET_MILLIS && toldOfDamage.compareAndSet(last, now)) {
            Log.warn(
                    Thread.currentThread().getContextClassLoader(),
                    "a session in Redis is damaged, and counts as absent: what is stored under its key is none of ours;"
                            + " expected: nobody else who writes to keys that begin with " + prefix + "session:",
                    null);
        }
    }

    /** Of a version in digits, a space, and the value. What is nothing of that kind has no value, in no format. */
    private static Snapshot.Attribute attribute(byte[] stored) {
        int space = 0;
        long version = 0;
        while (space < stored.length && space < MOST_DIGITS && stored[space] >= '0' && stored[space] <= '9') {
            version = version * 10 + (stored[space] - '0');
            space++;
        }
        if (space == 0 || space == stored.length || stored[space] != ' ') {
            return new Snapshot.Attribute(0, NOTHING);
        }
        return new Snapshot.Attribute(version, Arrays.copyOfRange(stored, space + 1, stored.length));
    }

    @Override
    public Committed commit(SessionKey key, Change change, Lifetime lifetime) throws StoreUnavailableException {
        Snapshot base = change.base();
        SessionKey renewed = change.renewed();
        byte[] from = key.redisKey(prefix);
        Span span = lifetime.span();
        boolean isUsual = isUsual(change)
                && span.lifeMillis() == lifetime.lifeMillis()
                && span.maxAgeMillis() == lifetime.maxAgeMillis();
        List<byte[]> arguments = new ArrayList<>(USUAL_ARGUMENTS);
        arguments.add(text(lifetime.lifeMillis()));
        arguments.add(text(lifetime.maxAgeMillis()));
        arguments.add(text(span.text()));
        arguments.add(base == null ? NOTHING : text(base.generation()));
        arguments.add(channel);
        arguments.add(text(change.mark()));
        arguments.add(base != null && base.answered() ? text(base.mark()) : NOTHING);
        arguments.add(isUsual ? NOTHING : text(change.set().size()));
        change.set().forEach((name, value) -> {
            arguments.add(name.getBytes(UTF_8));
            arguments.add(value);
        });
        if (!isUsual) {
            addWhatIsUnusual(change, arguments);
        }
        AtomicBoolean sentAgain = new AtomicBoolean();
        Object result = eval(
                COMMIT,
                renewed == null ? List.of(from) : List.of(from, renewed.redisKey(prefix)),
                arguments,
                () -> sentAgain.set(true));
        if (result instanceof byte[] done) {
            String[] words = new String(done, ISO_8859_1).split(" ", 6);
            long version = Long.parseLong(words[0]);
            long generation = Long.parseLong(words[1]);
            boolean isAsKnown = isAsKnown(change.base(), version - 1, words[5]);
            Snapshot after = isAsKnown
                    ? change.after(version, generation, Long.parseLong(words[2]), Long.parseLong(words[3]), lifetime)
                    : null;
            return new Committed.Stored(
                    version,
                    generation,
                    Math.max(0, digits(words[5].getBytes(ISO_8859_1))),
                    after == null || !sentAgain.get() ? after : after.unanswered(),
                    words[4].equals("1"));
        }
        if (!(result instanceof List<?> refused)) {
            throw new IllegalStateException("a commit gave " + result);
        }
        return refused.size() == 1
                ? new Committed.Gone()
                : new Committed.Conflicting(new String((byte[]) refused.get(1), UTF_8));
    }

    /** Whether it sets a few values in a session of the usual lifetime, and nothing else: what commit.lua has a short way for. */
    private static boolean isUsual(Change change) {
        Snapshot base = change.base();
        return base != null
                && !base.attributes().containsKey(Snapshot.IDLE)
                && change.onto() == Change.Onto.CHANGES
                && change.renewed() == null
                && !change.set().isEmpty()
                && change.set().size() <= MOST_USUAL_VALUES
                && !change.set().containsKey(Snapshot.IDLE)
                && change.removed().isEmpty()
                && change.guarded().isEmpty()
                && change.doubtful().isEmpty();
    }

    private void addWhatIsUnusual(Change change, List<byte[]> arguments) {
        Snapshot base = change.base();
        arguments.add(base == null ? text(change.generation()) : NOTHING);
        arguments.add(change.doubtful().isEmpty() ? NOTHING : spaced(change.doubtful()));
        arguments.add(change.onto().word.getBytes(ISO_8859_1));
        arguments.add(change.createdMillis() == 0 ? NOTHING : text(change.createdMillis()));
        arguments.add(ENDED);
        arguments.add(text(change.guarded().size()));
        arguments.add(text(change.removed().size()));
        for (String name : change.guarded()) {
            arguments.add(name.getBytes(UTF_8));
            arguments.add(text(base == null ? 0 : base.versionOf(name)));
        }
        for (String name : change.removed()) {
            arguments.add(name.getBytes(UTF_8));
        }
    }

    /** Whether a session is known that was of that version and mark. */
    private static boolean isAsKnown(@Nullable Snapshot known, long version, String mark) {
        return known == null
                ? mark.equals("0")
                : version == known.version() && mark.equals(Long.toString(known.mark()));
    }

    @Override
    public void invalidate(SessionKey key, long mark, Set<Long> doubtful, Lifetime lifetime)
            throws StoreUnavailableException {
        invalidate(key, mark, lifetime, NOTHING, NOTHING, doubtful, NOTHING);
    }

    @Override
    public void invalidateLate(
            SessionKey key,
            long mark,
            long atMillis,
            long generation,
            boolean moves,
            Set<Long> doubtful,
            Lifetime lifetime)
            throws StoreUnavailableException {
        invalidate(
                key,
                mark,
                lifetime,
                text(atMillis + CLOCKS_DIFFER_MILLIS),
                text(generation),
                doubtful,
                moves ? MOVES : NOTHING);
    }

    private void invalidate(
            SessionKey key,
            long mark,
            Lifetime lifetime,
            byte[] until,
            byte[] generation,
            Set<Long> doubtful,
            byte[] moves)
            throws StoreUnavailableException {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(channel);
        arguments.add(text(lifetime.maxAgeMillis()));
        arguments.add(ENDED);
        arguments.add(until);
        arguments.add(generation);
        arguments.add(text(mark));
        arguments.add(doubtful.isEmpty() ? NOTHING : spaced(doubtful));
        arguments.add(moves);
        eval(INVALIDATE, List.of(key.redisKey(prefix)), arguments);
    }

    private @Nullable Object eval(Script script, List<byte[]> keys, List<byte[]> arguments)
            throws StoreUnavailableException {
        return eval(script, keys, arguments, () -> {});
    }

    private @Nullable Object eval(Script script, List<byte[]> keys, List<byte[]> arguments, Runnable again)
            throws StoreUnavailableException {
        try {
            return redis.eval(script, keys, arguments, again);
        } catch (RedisUnavailableException away) {
            throw new StoreUnavailableException(away);
        }
    }

    private static byte[] spaced(Set<Long> marks) {
        StringJoiner text = new StringJoiner(" ", " ", " ");
        marks.forEach(mark -> text.add(mark.toString()));
        return text.toString().getBytes(ISO_8859_1);
    }

    private static byte[] text(long number) {
        return text(Long.toString(number));
    }

    private static byte[] text(String ascii) {
        return ascii.getBytes(ISO_8859_1);
    }

    private static long number(Object given) {
        return Long.parseLong(new String((byte[]) given, ISO_8859_1));
    }
}
