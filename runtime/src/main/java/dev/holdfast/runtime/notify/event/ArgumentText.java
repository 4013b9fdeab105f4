package dev.holdfast.runtime.notify.event;

import java.lang.reflect.Array;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Values of arguments as text. Only values of types that are known are shown, and components of records; of other classes of the application's the
 * name is all. On the thread that failed, no method of the application's is called. Bounded in depth, elements and length, however large or circular the value.
 *
 * <p>It is made by the thread that failed, as what was passed may change at any time after; so it stops early.
 */
public final class ArgumentText {

    /** Further types of which a text can be had at once, and is short. */
    private static final Set<String> SIMPLE = Set.of(
            "java.io.File",
            "java.net.URI",
            "java.util.Currency",
            "java.util.Locale",
            "java.util.concurrent.atomic.AtomicBoolean",
            "java.util.concurrent.atomic.AtomicInteger",
            "java.util.concurrent.atomic.AtomicLong");

    private static final int MOST_DEPTH = 3;
    private static final int MOST_ELEMENTS = 100;
    private static final int MOST_CHARACTERS = 255;

    /** Collections and maps of the JDK that hold their elements themselves, and lock nothing to go through them. */
    private static final Set<String> PLAIN = Set.of(
            "java.util.ArrayList",
            "java.util.Arrays$ArrayList",
            "java.util.LinkedList",
            "java.util.ArrayDeque",
            "java.util.HashSet",
            "java.util.LinkedHashSet",
            "java.util.HashMap",
            "java.util.LinkedHashMap",
            "java.util.TreeMap",
            "java.util.TreeSet",
            "java.util.EnumMap",
            "java.util.RegularEnumSet",
            "java.util.Collections$EmptyList",
            "java.util.Collections$EmptySet",
            "java.util.Collections$EmptyMap",
            "java.util.Collections$SingletonList",
            "java.util.Collections$SingletonSet",
            "java.util.Collections$SingletonMap",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.concurrent.CopyOnWriteArrayList");

    /** About so long is the text of a value that is made later. */
    private static final int LATER_CHARACTERS = 16;

    private final StringBuilder text = new StringBuilder();

    /** What is made later, each after so much of the text. */
    private final List<Later> later = new ArrayList<>();

    /** Whether code of the application's may run here, and hold this thread up. */
    private final boolean asks;

    private ArgumentText(boolean asks) {
        this.asks = asks;
    }

    private record Later(Object value, int depth, int at) {}

    /** A text in which there are values whose own text is to be asked for: not on the thread that failed. */
    private record Unasked(String text, List<Later> later) {}

    /** A value as text, in one go. */
    public static String of(String name, @Nullable Object value) {
        if (Scrubber.isTelling(name)) {
            return Scrubber.REDACTED;
        }
        Object taken = taken(value);
        return finished(taken instanceof String text ? text : asked(taken));
    }

    /**
     * All of a value that must be taken before it can change.
     *
     * @return a text that is not {@link #finished} yet; or what {@link #asked} makes one of, where somebody's code has to be asked
     */
    public static Object taken(@Nullable Object value) {
        if (value != null && asksOthers(value)) {
            return value;
        }
        ArgumentText made = made(value, false);
        return made.later.isEmpty() ? made.cut() : new Unasked(made.text.toString(), List.copyOf(made.later));
    }

    /** The text, not {@link #finished} yet, of what {@link #taken} has given and is none: not on the thread that failed. */
    public static String asked(Object taken) {
        return taken instanceof Unasked unasked
                ? filled(unasked, true)
                : made(taken, true).cut();
    }

    /** The same without asking: names of types instead. */
    public static String unasked(Object taken) {
        return taken instanceof Unasked unasked
                ? filled(unasked, false)
                : taken.getClass().getTypeName();
    }

    /** Whose code {@link #asked} runs. */
    public static Class<?> whom(Object taken) {
        return taken instanceof Unasked unasked ? unasked.later().get(0).value().getClass() : taken.getClass();
    }

    private static String filled(Unasked unasked, boolean asks) {
        ArgumentText made = new ArgumentText(asks);
        int from = 0;
        for (Later later : unasked.later()) {
            made.text.append(unasked.text(), from, later.at());
            if (asks) {
                made.tryToAppend(later.value(), later.depth());
            } else {
                made.text.append(later.value().getClass().getTypeName());
            }
            from = later.at();
        }
        made.text.append(unasked.text(), from, unasked.text().length());
        return made.cut();
    }

    private static ArgumentText made(@Nullable Object value, boolean asks) {
        ArgumentText made = new ArgumentText(asks);
        made.tryToAppend(value, 0);
        return made;
    }

    private void tryToAppend(@Nullable Object value, int depth) {
        try {
            append(value, depth);
        } catch (RuntimeException | StackOverflowError changing) {
            // A collection that another thread changes just now.
            text.append('?');
        }
    }

    private String cut() {
        return Scrubber.cut(text.toString(), 2 * MOST_CHARACTERS);
    }

    private boolean isFull() {
        return text.length() + later.size() * LATER_CHARACTERS > MOST_CHARACTERS;
    }

    /** Such a text without secrets, and cut. */
    public static String finished(String raw) {
        return Scrubber.cut(String.valueOf(Scrubber.scrub(raw)), MOST_CHARACTERS);
    }

    /**
     * Whether the text of a value may have to be asked of somebody's code, or of a lock that somebody holds: then another thread makes
     * it, as this one must not wait. Records are of that sort, and collections of the JDK that lie around others.
     */
    private static boolean asksOthers(@Nullable Object value) {
        return value instanceof Record || isAroundOthers(value);
    }

    private static boolean isAroundOthers(@Nullable Object value) {
        return (value instanceof Collection<?> || value instanceof Map<?, ?>)
                && isOfTheJdk(value)
                && !PLAIN.contains(value.getClass().getName())
                && !value.getClass().getName().startsWith("java.util.ImmutableCollections$");
    }

    private void append(@Nullable Object value, int depth) {
        if (isFull()) {
            return;
        }
        if (value == null) {
            text.append("null");
        } else if (value instanceof String string) {
            text.append('"').append(Scrubber.cut(string, MOST_CHARACTERS)).append('"');
        } else if (value instanceof Enum<?> constant) {
            text.append(constant.name());
        } else if (value instanceof StringBuilder builder) {
            text.append('"')
                    .append(builder, 0, Math.min(builder.length(), MOST_CHARACTERS))
                    .append('"');
        } else if (value.getClass() == Date.class) {
            text.append(((Date) value).toInstant());
        } else if (isPlain(value)) {
            text.append(Scrubber.cut(String.valueOf(value), MOST_CHARACTERS));
        } else if (value.getClass().isArray() && value.getClass().getComponentType() != byte.class) {
            appendArray(value, depth);
        } else if (value instanceof Optional<?> optional) {
            text.append("Optional(");
            append(optional.orElse(null), depth);
            text.append(')');
        } else if (asks && value instanceof Record) {
            appendRecord(value, depth);
        } else if (!asks && asksOthers(value)) {
            later.add(new Later(value, depth, text.length()));
        } else if (isOfTheJdk(value) && value instanceof Collection<?> collection) {
            appendAll(collection, depth);
        } else if (isOfTheJdk(value) && value instanceof Map<?, ?> map) {
            appendAll(map, depth);
        } else {
            text.append(value.getClass().getTypeName());
            if (value instanceof byte[] bytes) {
                text.append('(').append(bytes.length).append(" bytes)");
            }
        }
    }

    private static boolean isPlain(Object value) {
        return value instanceof Boolean
                || value instanceof Character
                || value instanceof UUID
                || (value.getClass() == BigDecimal.class && ((BigDecimal) value).precision() <= MOST_CHARACTERS)
                || (value.getClass() == BigInteger.class && ((BigInteger) value).bitLength() <= 2 * MOST_CHARACTERS)
                || (value instanceof Number && value.getClass().getName().startsWith("java.lang."))
                || value.getClass().getName().startsWith("java.time.")
                || SIMPLE.contains(value.getClass().getName());
    }

    /** Those of others may do anything in their iterators. */
    private static boolean isOfTheJdk(Object value) {
        return value.getClass().getName().startsWith("java.util.");
    }

    private void appendArray(Object array, int depth) {
        int length = Array.getLength(array);
        text.append('[');
        for (int i = 0; i < length && goesOn(i, length, depth); i++) {
            text.append(i == 0 ? "" : ", ");
            append(Array.get(array, i), depth + 1);
        }
        text.append(']');
    }

    /** By its accessors, as it shows itself; those of a module that is closed to us stay untold. */
    private void appendRecord(Object value, int depth) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        text.append(value.getClass().getSimpleName()).append('[');
        for (int i = 0; i < components.length && goesOn(i, components.length, depth); i++) {
            String name = components[i].getName();
            text.append(i == 0 ? "" : ", ").append(name).append('=');
            if (Scrubber.isTelling(name)) {
                text.append(Scrubber.REDACTED);
            } else {
                appendComponent(value, components[i].getAccessor(), depth);
            }
        }
        text.append(']');
    }

    private void appendComponent(Object value, Method accessor, int depth) {
        Object component;
        try {
            accessor.setAccessible(true);
            component = accessor.invoke(value);
        } catch (ReflectiveOperationException | InaccessibleObjectException untold) {
            text.append('?');
            return;
        }
        append(component, depth + 1);
    }

    private void appendAll(Collection<?> collection, int depth) {
        int size = collection.size();
        text.append('[');
        Iterator<?> elements = collection.iterator();
        for (int i = 0; i < size && goesOn(i, size, depth) && elements.hasNext(); i++) {
            text.append(i == 0 ? "" : ", ");
            append(elements.next(), depth + 1);
        }
        text.append(']');
    }

    private void appendAll(Map<?, ?> map, int depth) {
        int size = map.size();
        text.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        for (int i = 0; i < size && goesOn(i, size, depth) && entries.hasNext(); i++) {
            Map.Entry<?, ?> entry = entries.next();
            text.append(i == 0 ? "" : ", ");
            append(entry.getKey(), depth + 1);
            text.append('=');
            if (entry.getKey() instanceof String name && Scrubber.isTelling(name)) {
                text.append(Scrubber.REDACTED);
            } else {
                append(entry.getValue(), depth + 1);
            }
        }
        text.append('}');
    }

    /** Whether another element is shown; if not, how many are left out is. */
    private boolean goesOn(int shown, int all, int depth) {
        if (depth < MOST_DEPTH && shown < MOST_ELEMENTS && !isFull()) {
            return true;
        }
        text.append(shown == 0 ? "" : ", ").append("… ").append(all - shown).append(" more");
        return false;
    }
}
