package dev.holdfast.runtime.session.codec;

import dev.holdfast.runtime.log.Log;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Java's own serialization, for classes that were named, and nothing but what is needed for their fields. What is refused is refused before anything
 * of it runs: its class is not even initialised. Thread-safe.
 *
 * <p>What comes back out of a session has been in Redis, and who can write there could otherwise run code here (CVE-2023-42809 in a peer).
 */
final class Serialization {

    /** As those that are hashed may be in each other by many ways, whoever reads them could be kept busy for ever. */
    private static final int MOST_DEPTH = 32;

    /** An array may be larger than the bytes that it came in: of a hash table, by its load factor. */
    private static final int ARRAY_PER_BYTE = 8;

    private final Types types;
    private final Predicate<String> allowed;

    Serialization(Types types, Predicate<String> allowed) {
        this.types = types;
        this.allowed = allowed;
    }

    /** Whether a class was named, so that none of the other forms is meant for it; what belongs to the JDK may have to be asked for. */
    boolean isMeantFor(Class<?> type) {
        return type.getClassLoader() != null
                && Serializable.class.isAssignableFrom(type)
                && allowed.test(type.getName());
    }

    private boolean mayBeInside(Class<?> type) {
        Class<?> element = element(type);
        return element.isPrimitive()
                || Jdk.isPlain(element.getName())
                || isOfTheSession(element)
                || allowed.test(element.getName());
    }

    /** An enum, or a record of the application's: no code of it runs but what runs if it is a value by itself. */
    private static boolean isOfTheSession(Class<?> element) {
        return element.isEnum() || (element.isRecord() && element.getClassLoader() != null);
    }

    private boolean mayBeAlone(Class<?> type) {
        return allowed.test(element(type).getName());
    }

    private static Class<?> element(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return element;
    }

    /**
     * Serializes an object.
     *
     * @param most bytes that it may take
     * @throws IllegalArgumentException if it was not allowed, takes too much, or cannot be serialized
     */
    byte[] write(Object value, long most) {
        Class<?> type = value.getClass();
        if (!mayBeAlone(type)) {
            throw refused(type, "");
        }
        Bounded bytes = new Bounded(most);
        try (Writer out = new Writer(bytes)) {
            out.writeObject(value);
            out.requireAllowed();
        } catch (TooLargeException large) {
            throw large;
        } catch (Writer.Refused refused) {
            throw refused(refused.type, inside(refused.type, type));
        } catch (NotSerializableException refused) {
            String name = String.valueOf(refused.getMessage()); // of the class at fault
            String what = name.equals(type.getName()) ? "it is" : "it holds a " + name + ", which is";
            throw unfit(
                    type,
                    what + " not Serializable; expected: " + name
                            + " that implements java.io.Serializable, or a field that is transient",
                    refused);
        } catch (IOException | RuntimeException unable) {
            throw unfit(type, "it cannot be serialized: " + Log.text(unable), unable);
        } catch (StackOverflowError deep) {
            throw unfit(type, Filter.TOO_DEEP, deep);
        }
        return bytes.toByteArray();
    }

    /** Takes no more than it may. */
    private static final class Bounded extends OutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final long most;

        Bounded(long most) {
            this.most = most;
        }

        @Override
        public void write(int b) {
            requireRoom(1);
            bytes.write(b);
        }

        @Override
        public void write(byte[] more, int from, int length) {
            requireRoom(length);
            bytes.write(more, from, length);
        }

        private void requireRoom(int more) {
            if (more > most - bytes.size()) {
                throw new TooLargeException(most);
            }
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }

    private static String inside(Class<?> refused, Class<?> type) {
        return refused == type ? "" : " inside of " + type.getTypeName();
    }

    /**
     * Makes sure that what was written can be read: the value's own code may have written what it cannot read, and only who reads knows how deep it is.
     *
     * @throws IllegalArgumentException if it cannot
     */
    void requireReadable(Class<?> type, byte[] written) {
        try {
            read(written);
        } catch (UnreadableException unreadable) {
            throw unfit(type, String.valueOf(unreadable.getMessage()), unreadable);
        }
    }

    private static IllegalArgumentException unfit(Class<?> type, String why, Throwable cause) {
        return new IllegalArgumentException(
                "is of type " + type.getTypeName() + " and cannot be stored, as " + why
                        + (why.contains("; expected: ")
                                ? ""
                                : "; expected: an object that Java can serialize and read again"),
                cause);
    }

    private static IllegalArgumentException refused(Class<?> type, String where) {
        String name = element(type).getName();
        return new IllegalArgumentException("is of type " + type.getTypeName() + where
                + ", which cannot be stored; expected: a string, a boxed primitive, byte[], a big number, a type of java.time, a UUID,"
                + " an enum, a record, or a list, set, map or queue of the JDK's of these, or else -Dholdfast.session.allow="
                + name
                + (Serializable.class.isAssignableFrom(type) ? "" : " and a class that is Serializable"));
    }

    /** @throws UnreadableException if it is refused, or cannot be read */
    Object read(byte[] bytes) throws UnreadableException {
        Filter filter = new Filter(bytes.length);
        try (Reader in = new Reader(bytes, filter)) {
            Object value = in.readObject();
            if (value == null) {
                throw new UnreadableException("there is nothing in it", null);
            }
            return value;
        } catch (StackOverflowError deep) {
            throw new UnreadableException(Filter.TOO_DEEP, null);
        } catch (VirtualMachineError severe) {
            throw severe;
        } catch (IOException | ClassNotFoundException | RuntimeException | Error unreadable) {
            String reason = filter.reason;
            throw new UnreadableException(
                    reason == null ? "it cannot be read: " + Log.text(unreadable) : reason,
                    reason == null ? unreadable : null);
        }
    }

    /** Finds out, before it is too late to say so, what could not be read again. */
    private final class Writer extends ObjectOutputStream {

        /** Something in it is not allowed. Unchecked, as the stream would write down what is checked. */
        static final class Refused extends RuntimeException {

            private static final long serialVersionUID = 1L;

            final transient Class<?> type;

            Refused(Class<?> type) {
                super(type.getName());
                this.type = type;
            }
        }

        Writer(OutputStream out) throws IOException {
            super(out);
        }

        /** An exception that is not allowed. It may be why writing fails: the stream writes that down before it throws it, and must come to it. */
        private @Nullable Class<?> failure;

        @Override
        protected void annotateClass(Class<?> type) {
            if (failure != null || mayBeInside(type)) {
                return;
            }
            if (!Throwable.class.isAssignableFrom(type)) {
                throw new Refused(type);
            }
            failure = type;
        }

        void requireAllowed() {
            if (failure != null) {
                throw new Refused(failure);
            }
        }

        @Override
        protected void annotateProxyClass(Class<?> type) {
            throw new Refused(type);
        }
    }

    private final class Reader extends ObjectInputStream {

        private final Filter filter;

        Reader(byte[] bytes, Filter filter) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.filter = filter;
            setObjectInputFilter(filter);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            // By name, before anything of a class runs; whether it is an enum or a record is known once it is loaded,
            // and nothing of it runs by that.
            String name = description.getName();
            String element = name.startsWith("[") ? name.replaceFirst("^\\[+", "") : name;
            boolean primitives = name.startsWith("[") && element.length() == 1;
            if (name.startsWith("[") && element.startsWith("L") && element.endsWith(";")) {
                element = element.substring(1, element.length() - 1);
            }
            boolean isNamed = primitives || Jdk.isPlain(element) || allowed.test(element);
            Class<?> found = isNamed ? null : findIfThere(name);
            if (found != null && isOfTheSession(element(found))) {
                return found;
            }
            if (!isNamed) {
                filter.refuse(element);
                throw new InvalidClassException(name, "it is refused");
            }
            return types.find(name);
        }

        private @Nullable Class<?> findIfThere(String name) {
            try {
                return types.find(name);
            } catch (ClassNotFoundException | LinkageError missing) {
                return null;
            }
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws IOException {
            throw new InvalidClassException("a proxy is not read");
        }
    }

    /** Refuses what was not allowed. One for each reading. */
    private final class Filter implements ObjectInputFilter {

        static final String TOO_DEEP = "it is nested deeper than " + MOST_DEPTH
                + "; expected: objects that do not lie so deep in each other, as in a list";

        private final int bytes;
        private @Nullable Class<?> first;

        /** Why it was refused, to follow what is meant; null while it is not. */
        @Nullable
        String reason;

        Filter(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public Status checkInput(FilterInfo info) {
            if (info.depth() > MOST_DEPTH) {
                return refusal(TOO_DEEP);
            }
            // Each reference takes a byte at least, so there are no more of them than bytes.
            if (info.streamBytes() > bytes || info.arrayLength() > (long) bytes * ARRAY_PER_BYTE) {
                return refusal("it has an array that is larger than what it came in");
            }
            Class<?> type = info.serialClass();
            if (type == null) {
                return Status.UNDECIDED;
            }
            boolean isAllowed = first == null ? mayBeAlone(type) : mayBeInside(type);
            first = first == null ? type : first;
            if (!isAllowed) {
                refuse(element(type).getName());
                return Status.REJECTED;
            }
            return Status.ALLOWED;
        }

        private Status refusal(String why) {
            reason = reason == null ? why : reason;
            return Status.REJECTED;
        }

        void refuse(String type) {
            reason = reason == null ? "it has a " + type + " in it, which is not in holdfast.session.allow" : reason;
        }
    }
}
