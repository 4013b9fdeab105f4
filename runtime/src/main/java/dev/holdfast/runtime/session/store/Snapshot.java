package dev.holdfast.runtime.session.store;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session as it was stored at one moment. Immutable, though its map and its arrays are taken and handed out as they are: nobody writes to
 * them.
 *
 * @param version one more with each commit
 * @param generation tells a session from another one that has had the same key
 * @param createdMillis since the epoch, by the clock of the store
 * @param lastUsedMillis the same, before it was read; late by up to {@link Lifetime#slackMillis()}
 * @param mark of the change that has made it what it is: no other change has that, and no other state has it and the version. 0 if it is not known, or
 *     the session is not stored
 * @param answered whether this node knows that its change of that mark was stored, so that nobody sends it again
 * @param span of all who are known to have used it
 * @param attributes by name; nobody writes to that map any more
 */
public record Snapshot(
        long version,
        long generation,
        long createdMillis,
        long lastUsedMillis,
        long mark,
        boolean answered,
        Span span,
        Map<String, Attribute> attributes) {

    /**
     * The name of an attribute by which the stores go themselves: after how many milliseconds without use this one session ends, in digits; 0 for never.
     * No name of an application's begins with such a character.
     */
    public static final String IDLE = "\0idle";

    /** From here on versions are a node's own: of changes that no store has taken yet. */
    public static final long OWN_VERSIONS = 1L << 53;

    public Snapshot {
        attributes = Collections.unmodifiableMap(attributes);
    }

    /** Whether it is as one node shows it, and as no store has it. */
    public boolean isOwn() {
        return version >= OWN_VERSIONS;
    }

    /**
     * With the versions that a store has given since to what was a node's own.
     *
     * @param there the same session, as it is known to be stored
     */
    public Snapshot settledBy(Snapshot there) {
        Map<String, Attribute> settled = new HashMap<>(attributes);
        settled.replaceAll((name, attribute) -> {
            Attribute stored = there.attributes().get(name);
            return stored != null && attribute.isLike(stored) ? stored : attribute;
        });
        boolean isLeft = settled.values().stream().anyMatch(attribute -> attribute.version() >= OWN_VERSIONS);
        return new Snapshot(
                isLeft ? version : there.version(),
                generation,
                createdMillis,
                lastUsedMillis,
                0,
                false,
                there.span(),
                settled);
    }

    /** As part of another session, into which it was merged. */
    public Snapshot joined(long into) {
        return new Snapshot(version, into, createdMillis, lastUsedMillis, 0, false, span, attributes);
    }

    /**
     * With what a change has made of its values, of which nobody knows whether the store has the same: others may have changed it before that.
     *
     * @param changed the version that the change has made
     */
    public Snapshot with(Change change, long changed) {
        Map<String, Attribute> both = new HashMap<>(attributes);
        change.set().forEach((name, value) -> both.put(name, new Attribute(changed, value)));
        both.keySet().removeAll(change.removed());
        return new Snapshot(version, generation, createdMillis, lastUsedMillis, 0, false, span, both);
    }

    /** Used at another time. */
    public Snapshot usedAt(long usedMillis) {
        return new Snapshot(version, generation, createdMillis, usedMillis, mark, answered, span, attributes);
    }

    /**
     * Of which nobody knows whether the store has the same.
     *
     * @param whole the version up to which nothing is left out
     */
    public Snapshot unmarked(long whole) {
        return new Snapshot(whole, generation, createdMillis, lastUsedMillis, 0, false, span, attributes);
    }

    /** Made by a change of which a copy may still be under way, so that its mark is to be kept. */
    public Snapshot unanswered() {
        return new Snapshot(version, generation, createdMillis, lastUsedMillis, mark, false, span, attributes);
    }

    /** With another span. */
    Snapshot within(Span now) {
        return now.equals(span)
                ? this
                : new Snapshot(version, generation, createdMillis, lastUsedMillis, mark, answered, now, attributes);
    }

    /** One of its values, and the version of the session when it was last set. Equal if it has the same bytes and version. */
    public static final class Attribute {

        private final long version;
        private final byte[] value;

        /** Of bytes that nobody writes to any more. */
        public Attribute(long version, byte[] value) {
            this.version = version;
            this.value = value;
        }

        /** That of the session when it was last set. */
        public long version() {
            return version;
        }

        /** Encoded; nobody writes to it. */
        public byte[] value() {
            return value;
        }

        /** Whether it is the same, or was stored since if one of the two is a node's own. */
        public boolean isLike(Attribute other) {
            boolean isOwn = version >= OWN_VERSIONS || other.version >= OWN_VERSIONS;
            return isOwn ? Arrays.equals(value, other.value) : version == other.version;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Attribute attribute
                    && version == attribute.version
                    && Arrays.equals(value, attribute.value);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(version) + Arrays.hashCode(value);
        }
    }

    /** How long it lives, where others live as long as that. */
    public Lifetime lifetime(Lifetime usual) {
        Attribute own = attributes.get(IDLE);
        return own == null ? usual : usual.withIdle(own.value());
    }

    /** How far back the last note of its use may lie, where others live as long as that. */
    public long slackMillis(Lifetime usual) {
        return attributes.containsKey(IDLE) ? lifetime(usual).slackMillis() : span.slackMillis();
    }

    /** When it is over for whoever gives it the longest life. */
    long endMillis() {
        Lifetime none = new Lifetime(-1, span.maxAgeMillis());
        Lifetime own = lifetime(none);
        long lifeMillis = own.equals(none) ? span.lifeMillis() : own.lifeMillis();
        return Math.min(lastUsedMillis + lifeMillis, createdMillis + span.maxAgeMillis());
    }

    /** Whether its time is over. */
    public boolean isOver(Lifetime usual, long nowMillis) {
        Lifetime lifetime = lifetime(usual);
        return nowMillis >= createdMillis + lifetime.maxAgeMillis()
                || nowMillis >= lastUsedMillis + lifetime.lifeMillis();
    }

    /** Whether an attribute was set or removed between the two; null for a session that is not there. */
    public static boolean differ(@Nullable Snapshot one, @Nullable Snapshot other, String name) {
        Attribute here = one == null ? null : one.attributes().get(name);
        Attribute there = other == null ? null : other.attributes().get(name);
        if (here == null || there == null) {
            return here != null || there != null;
        }
        return !here.isLike(there);
    }

    /** The version of an attribute; 0 for one that is not there. */
    public long versionOf(String name) {
        Attribute attribute = attributes.get(name);
        return attribute == null ? 0 : attribute.version();
    }
}
