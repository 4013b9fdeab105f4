package dev.holdfast.runtime.session.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Java's own serialization, for classes that were named, and nothing but what is needed for their fields. What is refused is refused before anything
 * of it runs: its class is not even initialised. Thread-safe.
 *
 * <p>What comes back out of a session has been in Redis, and who can write there could otherwise run code here (CVE-2023-42809 in a peer).
 */
final class Serialization {

    private static final int MOST_DEPTH = 32;
    private static final long MOST_REFERENCES = 100_000;

    /** An array may be larger than the bytes that it came in: of a hash table, by its load factor. */
    private static final int ARRAY_PER_BYTE = 8;

    /** What fields are made of: none of these does more than to hold what it was given. */
    private static final Set<String> PLAIN = Set.of(
            "java.lang.Object",
            "java.lang.Boolean",
            "java.lang.Character",
            "java.lang.Number",
            "java.lang.Byte",
            "java.lang.Short",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Float",
            "java.lang.Double",
            "java.lang.String",
            "java.lang.Enum",
            "java.math.BigDecimal",
            "java.math.BigInteger",
            "java.net.URI",
            "java.time.Ser",
            "java.util.ArrayDeque",
            "java.util.ArrayList",
            "java.util.Arrays$ArrayList",
            "java.util.BitSet",
            "java.util.CollSer",
            "java.util.Currency",
            "java.util.Date",
            "java.util.EnumMap",
            "java.util.EnumSet$SerializationProxy",
            "java.util.HashMap",
            "java.util.HashSet",
            "java.util.LinkedHashMap",
            "java.util.LinkedHashSet",
            "java.util.LinkedList",
            "java.util.Locale",
            "java.util.Map$Entry",
            "java.util.TreeMap",
            "java.util.TreeSet",
            "java.util.UUID");

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
        return element.isPrimitive() || PLAIN.contains(element.getName()) || allowed.test(element.getName());
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

    /** @throws IllegalArgumentException if it was not allowed, or cannot be serialized */
    byte[] write(Object value) {
        Class<?> type = value.getClass();
        if (!mayBeAlone(type)) {
            throw refused(type, "");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Writer out = new Writer(bytes)) {
            out.writeObject(value);
        } catch (Writer.Refused refused) {
            throw refused(refused.type, " inside of " + type.getName());
        } catch (IOException | RuntimeException unable) {
            throw new IllegalArgumentException(
                    "is of type " + type.getName() + ", which cannot be serialized: " + unable, unable);
        }
        return bytes.toByteArray();
    }

    private static IllegalArgumentException refused(Class<?> type, String where) {
        String name = element(type).getName();
        return new IllegalArgumentException("is of type " + type.getTypeName() + where
                + ", which cannot be stored; expected: a string, a boxed primitive, byte[], a big number, a type of java.time, a UUID,"
                + " an enum, a record, or a list, set or map of these, or else -Dholdfast.session.allow=" + name
                + (Serializable.class.isAssignableFrom(type) ? "" : " and a class that is Serializable"));
    }

    /** @throws UnreadableException if it is refused, or cannot be read */
    Object read(byte[] bytes) throws UnreadableException {
        try (Reader in = new Reader(bytes)) {
            Object value = in.readObject();
            if (value == null) {
                throw new UnreadableException("there is nothing in it", null);
            }
            return value;
        } catch (IOException | ClassNotFoundException unreadable) {
            throw new UnreadableException(unreadable.toString(), unreadable);
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

        @Override
        protected void annotateClass(Class<?> type) {
            if (!mayBeInside(type)) {
                throw new Refused(type);
            }
        }

        @Override
        protected void annotateProxyClass(Class<?> type) {
            throw new Refused(type);
        }
    }

    private final class Reader extends ObjectInputStream {

        Reader(byte[] bytes) throws IOException {
            super(new ByteArrayInputStream(bytes));
            setObjectInputFilter(new Filter(bytes.length));
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            // By name, before any class is looked up.
            String name = description.getName();
            String element = name.startsWith("[") ? name.replaceFirst("^\\[+", "") : name;
            boolean primitives = name.startsWith("[") && element.length() == 1;
            if (name.startsWith("[") && element.startsWith("L") && element.endsWith(";")) {
                element = element.substring(1, element.length() - 1);
            }
            if (!primitives && !PLAIN.contains(element) && !allowed.test(element)) {
                throw new InvalidClassException(name, "it is not in holdfast.session.allow");
            }
            return types.find(name);
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws IOException {
            throw new InvalidClassException("a proxy is not read");
        }
    }

    /** Refuses what was not allowed. One for each reading. */
    private final class Filter implements ObjectInputFilter {

        private final int bytes;
        private @Nullable Class<?> first;

        Filter(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public Status checkInput(FilterInfo info) {
            if (info.depth() > MOST_DEPTH
                    || info.references() > MOST_REFERENCES
                    || info.streamBytes() > bytes
                    || info.arrayLength() > (long) bytes * ARRAY_PER_BYTE) {
                return Status.REJECTED;
            }
            Class<?> type = info.serialClass();
            if (type == null) {
                return Status.UNDECIDED;
            }
            boolean isAllowed = first == null ? mayBeAlone(type) : mayBeInside(type);
            first = first == null ? type : first;
            return isAllowed ? Status.ALLOWED : Status.REJECTED;
        }
    }
}
