package dev.holdfast.runtime.session.codec;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What kind of collection or map of the JDK's a value is, so that it comes back as one. What cannot be changed comes back as what can: of its kind, the
 * one that is meant where nothing is said.
 *
 * <p>The numbers are stored, and stay given out.
 */
@SuppressWarnings({"JdkObsolete", "ImmutableEnumChecker"}) // what a program may have; the makers hold nothing
enum Kind {
    LIST(0, ArrayList.class, order -> new ArrayList<>()),
    SET(1, LinkedHashSet.class, order -> new LinkedHashSet<>()),
    SORTED_SET(2, TreeSet.class, TreeSet::new),
    MAP(3, LinkedHashMap.class, order -> new LinkedHashMap<>()),
    SORTED_MAP(4, TreeMap.class, TreeMap::new),

    LINKED_LIST(5, LinkedList.class, order -> new LinkedList<>()),
    VECTOR(6, Vector.class, order -> new Vector<>()),
    STACK(7, Stack.class, order -> new Stack<>()),
    COPIED_LIST(8, CopyOnWriteArrayList.class, order -> new CopyOnWriteArrayList<>()),
    DEQUE(9, ArrayDeque.class, order -> new ArrayDeque<>()),
    CONCURRENT_QUEUE(10, ConcurrentLinkedQueue.class, order -> new ConcurrentLinkedQueue<>()),
    CONCURRENT_DEQUE(11, ConcurrentLinkedDeque.class, order -> new ConcurrentLinkedDeque<>()),
    COPIED_SET(12, CopyOnWriteArraySet.class, order -> new CopyOnWriteArraySet<>()),
    CONCURRENT_SET(13, ConcurrentHashMap.KeySetView.class, order -> ConcurrentHashMap.newKeySet()),
    CONCURRENT_SORTED_SET(14, ConcurrentSkipListSet.class, ConcurrentSkipListSet::new),
    HASHTABLE(15, Hashtable.class, order -> new Hashtable<>()),
    PROPERTIES(16, Properties.class, order -> new Properties()),
    CONCURRENT_MAP(17, ConcurrentHashMap.class, order -> new ConcurrentHashMap<>()),
    CONCURRENT_SORTED_MAP(18, ConcurrentSkipListMap.class, ConcurrentSkipListMap::new),

    /** Followed by the enum. */
    ENUM_SET(19, EnumSet.class, null),

    /** Followed by the enum. */
    ENUM_MAP(20, EnumMap.class, null);

    /** In what order something sorted is; natural first, and null. */
    private static final List<Comparator<?>> ORDERS =
            List.of(Comparator.naturalOrder(), Collections.reverseOrder(), String.CASE_INSENSITIVE_ORDER);

    private static final Map<Class<?>, Kind> BY_TYPE = new HashMap<>();

    static {
        for (Kind kind : values()) {
            BY_TYPE.put(kind.type, kind);
        }
        BY_TYPE.put(HashSet.class, SET);
        BY_TYPE.put(HashMap.class, MAP);
    }

    private final int number;
    private final Class<?> type;
    private final @Nullable Function<Comparator<Object>, Object> maker;

    Kind(int number, Class<?> type, @Nullable Function<Comparator<Object>, Object> maker) {
        this.number = number;
        this.type = type;
        this.maker = maker;
    }

    /**
     * Of a value.
     *
     * @return null if it is no collection and no map that is native
     * @throws IllegalArgumentException if it is one that could not be given back as it was
     */
    static @Nullable Kind of(Object value) {
        Class<?> type = value.getClass();
        Kind known = BY_TYPE.get(type);
        if (known != null) {
            known.requireWhole(value);
            return known;
        }
        boolean isOfTheJdk =
                type.getClassLoader() == null || type.getClassLoader() == ClassLoader.getPlatformClassLoader();
        if (!isOfTheJdk || java.lang.reflect.Modifier.isPublic(type.getModifiers())) {
            return null; // somebody may know it by its class, and it may be more than it shows
        }
        if (value instanceof EnumSet) {
            return ENUM_SET;
        }
        if (value instanceof List) {
            return LIST;
        }
        if (value instanceof Set) {
            return value instanceof SortedSet ? SORTED_SET : SET;
        }
        if (value instanceof Map) {
            return value instanceof SortedMap ? SORTED_MAP : MAP;
        }
        return null;
    }

    private void requireWhole(Object value) {
        if (value instanceof Properties properties
                && Collections.list(properties.propertyNames()).size() > properties.size()) {
            throw new IllegalArgumentException(
                    "has Properties with defaults, which cannot be stored; expected: all in one");
        }
    }

    /** Of a number; null for none. */
    static @Nullable Kind numbered(int number) {
        for (Kind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        return null;
    }

    int number() {
        return number;
    }

    /** The class that comes back, or one that it extends. */
    Class<?> type() {
        return type;
    }

    boolean isMap() {
        return Map.class.isAssignableFrom(type);
    }

    boolean isSorted() {
        return SortedSet.class.isAssignableFrom(type) || SortedMap.class.isAssignableFrom(type);
    }

    boolean isOfAnEnum() {
        return maker == null;
    }

    /**
     * The number of the order in which a value of a sorted kind is.
     *
     * @throws IllegalArgumentException if it is none that is known
     */
    static int order(Object value) {
        Comparator<?> comparator =
                value instanceof SortedSet<?> set ? set.comparator() : ((SortedMap<?, ?>) value).comparator();
        int order = comparator == null ? 0 : ORDERS.indexOf(comparator);
        if (order < 0) {
            throw new IllegalArgumentException("has a " + value.getClass().getName() + " with a comparator of type "
                    + comparator.getClass().getName()
                    + ", which cannot be stored; expected: the natural order, its reverse,"
                    + " String.CASE_INSENSITIVE_ORDER, or a copy that keeps the order, such as a LinkedHashMap");
        }
        return order;
    }

    /** A new one with nothing in it, if it is not of an enum. */
    Object make(int order) throws UnreadableException {
        if (maker == null || order < 0 || order >= ORDERS.size()) {
            throw new UnreadableException("it has a collection in an order that nobody knows", null);
        }
        @SuppressWarnings({"unchecked", "NullAway"
        }) // what it sorts it is asked for; no comparator is the natural order
        Comparator<Object> comparator = order == 0 ? null : (Comparator<Object>) ORDERS.get(order);
        return maker.apply(comparator);
    }

    /** A new one of that enum. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // it is an enum
    Object make(Class<?> constants) {
        return this == ENUM_SET ? EnumSet.noneOf((Class) constants) : new EnumMap((Class) constants);
    }

    /** The enum of a value of such a kind. */
    static Class<?> enumOf(Object value) {
        Collection<?> constants = value instanceof EnumMap<?, ?> map ? map.keySet() : either((EnumSet<?>) value);
        for (Object constant : constants) {
            return ((Enum<?>) constant).getDeclaringClass();
        }
        try (EnumFinder finder = new EnumFinder()) {
            finder.writeObject(value);
            Class<?> found = finder.found;
            if (found != null) {
                return found;
            }
        } catch (IOException impossible) {
            throw new IllegalArgumentException("has an empty collection of an enum that nobody knows", impossible);
        }
        throw new IllegalArgumentException(
                "has an empty collection of an enum that nobody knows; expected: another one");
    }

    private static <E extends Enum<E>> EnumSet<E> either(EnumSet<E> set) {
        return set.isEmpty() ? EnumSet.complementOf(set) : set;
    }

    /** Finds of what enum something is that has no constant in it: nothing but its serialized form says so. */
    private static final class EnumFinder extends ObjectOutputStream {

        @Nullable
        Class<?> found;

        EnumFinder() throws IOException {
            super(OutputStream.nullOutputStream());
        }

        @Override
        protected void annotateClass(Class<?> type) {
            found = type.isEnum() ? type : found;
        }
    }
}
