package dev.holdfast.runtime.session;

import dev.holdfast.runtime.session.codec.Codec;
import dev.holdfast.runtime.session.codec.UnreadableException;
import dev.holdfast.runtime.session.store.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of a session, as one attempt sees them. A value is decoded when it is first asked for, and is the same object from then on; what may
 * have been changed in place since is found by encoding it once more.
 *
 * <p>Not thread-safe, guarded by who has it.
 */
final class Values {

    /** How often what gives other bytes each time is asked for them: what is random is the same by chance in one of 256 bytes. */
    private static final int SKETCHES = 4;

    private final Codec codec;
    private final Unread unread;
    private final Twice twice;

    /** What is stored; the names that were read or written here are looked up in {@link #touched} instead. */
    private Map<String, Snapshot.Attribute> stored = Map.of();

    private final Map<String, Value> touched = new LinkedHashMap<>();

    /** What was decoded only to see whether it is there, which does not count as reading it. */
    private final Map<String, Value> looked = new HashMap<>();

    /** Is told of what is stored and cannot be read. */
    interface Unread {

        void tell(String name, String reason, @Nullable Throwable cause);
    }

    /** Is told of what was changed in place by an inner attempt, and then by the body in the object that it had from before: only one of the two can be kept. */
    interface Twice {

        /**
         * Of that value.
         *
         * @param isOurs whether the body's is kept
         */
        void tell(String name, boolean isOurs);
    }

    /**
     * What was done.
     *
     * @param set new values by name
     * @param removed names
     * @param touched names that were read, written or removed
     */
    record Changes(Map<String, byte[]> set, Set<String> removed, Set<String> touched) {

        boolean isEmpty() {
            return set.isEmpty() && removed.isEmpty();
        }
    }

    /** One that was read or written. */
    private static final class Value {

        /** As it was when it was last looked at; null if there is none. */
        byte @Nullable [] bytes;

        /** Null also while it is not decoded, or if it cannot be. */
        @Nullable
        Object now;

        boolean decoded;

        /** What it gave when it had just been read, which need not be what was stored; null where the same bytes are the same value. */
        byte @Nullable [] asRead;

        /** Whether nothing in it can be changed. */
        boolean fixed;

        /** Whether it is to be written, or to be removed, whatever else. */
        boolean changed;

        /** As it was until an inner attempt has changed it: the body may hold on to that object, and change it in place. Null for none that could be. */
        @Nullable
        Value before;
    }

    /** The names of what was read, written or removed; unmodifiable. */
    Set<String> touched() {
        return Collections.unmodifiableSet(touched.keySet());
    }

    Values(Codec codec, Unread unread, Twice twice) {
        this.codec = codec;
        this.unread = unread;
        this.twice = twice;
    }

    /** Goes by what is stored there, as far as nothing was read or written. */
    void base(@Nullable Snapshot base) {
        stored = base == null ? Map.of() : base.attributes();
        looked.clear();
    }

    /** Forgets all that was read and written, and what is stored. */
    void clear() {
        stored = Map.of();
        touched.clear();
        looked.clear();
    }

    private Value value(String name) {
        Value value = touched.get(name);
        if (value == null) {
            value = looked.remove(name);
            value = value == null ? asStored(name) : value;
            touched.put(name, value);
        }
        return value;
    }

    private Value asStored(String name) {
        Value value = new Value();
        Snapshot.Attribute attribute = stored.get(name);
        value.bytes = attribute == null ? null : attribute.value();
        return value;
    }

    @Nullable
    Object get(String name) {
        return decoded(name, value(name));
    }

    private @Nullable Object decoded(String name, Value value) {
        byte[] bytes = value.bytes;
        if (!value.decoded && bytes != null) {
            value.decoded = true;
            try {
                Codec.Decoded decoded = codec.decode(bytes);
                value.now = decoded.value();
                value.fixed = decoded.fixed();
                value.asRead = decoded.serialized() && value.now != null ? sketch(value.now, bytes.length) : null;
            } catch (UnreadableException unreadable) {
                unread.tell(name, String.valueOf(unreadable.getMessage()), unreadable.getCause());
            }
        }
        return value.now;
    }

    /** @throws IllegalArgumentException if it cannot be stored */
    void set(String name, Object given) {
        Codec.Encoded encoded = codec.encode(given);
        Value value = value(name);
        value.bytes = encoded.bytes();
        value.fixed = encoded.fixed();
        value.now = given;
        value.decoded = true;
        value.asRead = null;
        value.changed = true;
        value.before = null;
    }

    /** What is stored for the store itself, as it is; null for nothing. */
    byte @Nullable [] raw(String name) {
        Value value = touched.get(name);
        if (value != null) {
            return value.bytes;
        }
        Snapshot.Attribute attribute = stored.get(name);
        return attribute == null ? null : attribute.value();
    }

    /** Stores something for the store itself. */
    void raw(String name, byte[] bytes) {
        Value value = value(name);
        value.bytes = bytes;
        value.fixed = true;
        value.now = bytes;
        value.decoded = true;
        value.changed = true;
    }

    void remove(String name) {
        Value value = value(name);
        value.bytes = null;
        value.now = null;
        value.decoded = true;
        value.fixed = true;
        value.changed = true;
        value.before = null;
    }

    /** Of what {@link #get} gives: each is decoded, as what cannot be read is absent. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(stored.keySet());
        names.addAll(touched.keySet());
        names.remove(Snapshot.IDLE);
        names.removeIf(name -> {
            Value value = touched.get(name);
            return decoded(name, value == null ? looked.computeIfAbsent(name, this::asStored) : value) == null;
        });
        return Collections.unmodifiableSet(names);
    }

    /**
     * What was done up to now.
     *
     * @throws IllegalArgumentException if a value was changed in such a way that it cannot be stored
     */
    Changes changes() {
        Map<String, byte[]> set = new LinkedHashMap<>();
        Set<String> removed = new LinkedHashSet<>();
        touched.forEach((name, value) -> {
            lookAgain(name, value);
            byte[] bytes = value.bytes;
            if (value.changed && bytes != null) {
                set.put(name, bytes);
            } else if (value.changed) {
                removed.add(name); // also what was not there: others may have set it since
            }
        });
        return new Changes(set, removed, new LinkedHashSet<>(touched.keySet()));
    }

    private void lookAgain(String name, Value value) {
        Object now = value.now;
        byte[] bytes = value.bytes;
        if (now != null && bytes != null && !value.fixed) {
            byte[] again = sketch(now, bytes.length);
            if (again == null || !isAsItWas(value, now, again, bytes)) {
                value.bytes = encode(name, now);
                value.changed = true;
            }
        }
        Value before = value.before;
        if (before != null) {
            lookAgain(name, before);
            if (before.changed) {
                value.before = null;
                changedTwice(name, value, before);
            }
        }
    }

    /** The last change wins, as everywhere; but who has got the value since has seen the other one, and goes on from there. */
    private void changedTwice(String name, Value value, Value before) {
        boolean isLast = value.now == null;
        if (isLast) {
            value.bytes = before.bytes;
            value.now = before.now;
            value.decoded = true;
            value.asRead = null;
            value.changed = true;
        }
        twice.tell(name, isLast);
    }

    private byte[] encode(String name, Object now) {
        try {
            return codec.encode(now).bytes();
        } catch (IllegalArgumentException unstorable) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" was changed, and " + unstorable.getMessage(), unstorable);
        }
    }

    /** To compare; null if it cannot be stored any more. */
    private byte @Nullable [] sketch(Object now, int before) {
        try {
            return codec.sketch(now, before);
        } catch (IllegalArgumentException unstorable) {
            return null;
        }
    }

    private boolean isAsItWas(Value value, Object now, byte[] again, byte[] bytes) {
        if (Arrays.equals(again, bytes)) {
            return true;
        }
        return !value.changed && (Arrays.equals(again, value.asRead) || isAsRead(now, again, bytes, value.asRead));
    }

    /**
     * Whether an object that was just read gives those bytes, too: it need not give those that were stored, for these may be of another version of its
     * class, or have the time in them. Where it gives other bytes each time, only those count that are the same each time: who writes the time or a
     * random number would else seem to have changed whenever it was read, and undo what others have done since.
     */
    private boolean isAsRead(Object now, byte[] again, byte[] bytes, byte @Nullable [] asRead) {
        try {
            Object read = codec.decode(bytes).value();
            if (read == null) {
                return false;
            }
            // What has the time in it: that of what was read lies between those of what is there.
            List<byte[]> ofNow = new ArrayList<>(List.of(again));
            List<byte[]> ofRead = new ArrayList<>();
            for (int i = 0; i < (asRead == null ? 1 : SKETCHES); i++) {
                ofRead.add(codec.sketch(read, bytes.length));
                ofNow.add(codec.sketch(now, bytes.length));
            }
            if (Arrays.equals(ofRead.get(0), again) || Arrays.equals(ofRead.get(0), ofNow.get(1))) {
                return true;
            }
            return asRead != null && Unsteady.mayBeSame(ofNow, ofRead, () -> now.equals(read));
        } catch (UnreadableException | IllegalArgumentException changedMeanwhile) {
            return false;
        }
    }

    /** Those changes are stored now. */
    void stored(Changes changes) {
        changes.touched().forEach(name -> {
            Value value = touched.get(name);
            if (value != null) {
                value.changed = false;
            }
        });
    }

    /** Makes what an inner attempt has done its own. */
    void adopt(Changes changes) {
        changes.set().forEach((name, bytes) -> {
            Value value = value(name);
            value.before = formerly(value);
            value.bytes = bytes;
            value.decoded = false;
            value.now = null;
            value.asRead = null;
            value.fixed = false;
            value.changed = true;
        });
        changes.removed().forEach(this::remove);
        changes.touched().forEach(this::value);
    }

    /** Null if nobody can change it in place. */
    private static @Nullable Value formerly(Value value) {
        if (value.now == null || value.fixed) {
            return value.before; // who has not got it since can only hold on to what there was before that
        }
        Value before = new Value();
        before.bytes = value.bytes;
        before.now = value.now;
        before.decoded = true;
        before.asRead = value.asRead;
        return before;
    }

    /** All of them as they are now, encoded, for an inner attempt. */
    Map<String, Snapshot.Attribute> encoded() {
        Map<String, Snapshot.Attribute> all = new HashMap<>(stored);
        touched.forEach((name, value) -> {
            lookAgain(name, value);
            byte[] bytes = value.bytes;
            if (bytes == null) {
                all.remove(name);
            } else if (value.changed) {
                all.put(name, new Snapshot.Attribute(0, bytes));
            }
        });
        return all;
    }

    /** How many bytes they take, with their names. */
    long size() {
        long size = 0;
        for (Map.Entry<String, Snapshot.Attribute> one : stored.entrySet()) {
            if (!touched.containsKey(one.getKey())) {
                size += one.getKey().length() + one.getValue().value().length;
            }
        }
        for (Map.Entry<String, Value> one : touched.entrySet()) {
            byte[] bytes = one.getValue().bytes;
            size += bytes == null ? 0 : one.getKey().length() + bytes.length;
        }
        return size;
    }
}
