package dev.holdfast.runtime.notify;

import dev.holdfast.Severity;
import dev.holdfast.When;
import dev.holdfast.definition.notify.Telling;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.StackReserve;
import dev.holdfast.runtime.notify.event.ArgumentText;
import dev.holdfast.runtime.notify.event.Scrubber;
import dev.holdfast.runtime.template.LinkedTemplate;
import dev.holdfast.runtime.time.WallClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one annotation of one method wants to be told: decides, and takes down what cannot be found out later. On the thread that failed, so
 * it does no more than that.
 *
 * <p>Thread-safe.
 */
final class Teller {

    /** Whether this thread is just filling in a template: what fails in there is not told, or it might never end. */
    private static final ThreadLocal<@Nullable Boolean> FILLING_IN = new ThreadLocal<>();

    /** How many threads are: mostly none, and then no thread that fails has to look for itself. */
    private static final AtomicInteger FILLING = new AtomicInteger();

    private static final String UNNAMED = "#";

    private final GuardedMethod method;
    private final Class<?>[] on;
    private final Class<?>[] except;
    private final List<String> channels;
    private final boolean unrecoveredOnly;
    private final Threshold threshold;
    private final Severity severity;
    private final @Nullable LinkedTemplate message;
    private final boolean withValues;
    private final List<Captured.Argument> parameters;

    /** Of each parameter, whether its name says that its value should not travel. */
    private final boolean[] isTelling;

    private Teller(Telling telling, List<String> names, GuardedMethod method, @Nullable Threshold earlier)
            throws ReflectiveOperationException {
        this.method = method;
        this.on = types(telling.on(), method.loader());
        this.except = types(telling.except(), method.loader());
        this.channels = telling.channels();
        this.unrecoveredOnly = telling.when() == When.UNRECOVERED;
        this.threshold = earlier != null && earlier.is(telling.after(), telling.withinNanos())
                ? earlier
                : new Threshold(telling.after(), telling.withinNanos());
        this.severity = telling.severity();
        this.message =
                telling.message() == null ? null : LinkedTemplate.link(telling.message(), method, Throwable.class);
        this.withValues = telling.arguments();
        this.parameters = parameters(method, names);
        this.isTelling = new boolean[parameters.size()];
        for (int i = 0; i < isTelling.length; i++) {
            isTelling[i] = Scrubber.isTelling(parameters.get(i).name());
        }
    }

    /**
     * Of one annotation of a method.
     *
     * @param names of the method's parameters; an empty text for one that is not known
     * @param earlier what has counted in its place before the configuration changed; null if nothing has
     */
    static Teller link(Telling telling, List<String> names, GuardedMethod method, @Nullable Threshold earlier)
            throws ReflectiveOperationException {
        return new Teller(telling, names, method, earlier);
    }

    private static Class<?>[] types(List<String> names, @Nullable ClassLoader loader) throws ClassNotFoundException {
        Class<?>[] types = new Class<?>[names.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = Class.forName(names.get(i), false, loader);
        }
        return types;
    }

    private static List<Captured.Argument> parameters(GuardedMethod method, List<String> names) {
        Class<?>[] types = method.method().getParameterTypes();
        List<Captured.Argument> parameters = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            String name = i < names.size() && !names.get(i).isEmpty() ? names.get(i) : UNNAMED + i;
            parameters.add(new Captured.Argument(name, types[i].getTypeName(), null, null));
        }
        return List.copyOf(parameters);
    }

    /**
     * Which failure of a call it is for: that of the attempts goes first, unless it goes by what the caller sees.
     *
     * @param attempted with what the attempts ended, where something was to take that; else null
     * @param seen what the caller sees, or was answered over HTTP; null if it sees no failure
     * @return null for none
     */
    @Nullable
    Throwable meant(@Nullable Throwable attempted, @Nullable Throwable seen) {
        if (attempted != null && !unrecoveredOnly && means(attempted)) {
            return attempted;
        }
        return seen != null && means(seen) ? seen : null;
    }

    private boolean means(Throwable failure) {
        return isAny(on, failure) && !isAny(except, failure);
    }

    private static boolean isAny(Class<?>[] types, Throwable failure) {
        for (Class<?> type : types) {
            if (type.isInstance(failure)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the current thread is just filling in a template. */
    static boolean isFillingIn() {
        return FILLING.get() != 0 && FILLING_IN.get() != null;
    }

    /**
     * Takes a failure down.
     *
     * @param channels those of its channels that it is for
     * @return null if there were not enough of them yet
     */
    @Nullable
    Captured capture(
            @Nullable Invocation call,
            int attempts,
            Throwable failure,
            @Nullable String recoveredBy,
            List<String> channels,
            long durationNanos,
            long nowNanos) {
        int count = threshold.count(nowNanos);
        if (count == 0) {
            return null;
        }
        Captured.Said said = null;
        Throwable templateFailure = null;
        if (message != null && call != null) {
            StackReserve.require(); // or a stack that ends in between would leave this thread silent for ever
            FILLING.incrementAndGet();
            try {
                FILLING_IN.set(true);
                said = new Captured.Said(message.take(call.everything(), failure));
            } catch (Throwable broken) {
                templateFailure = broken;
            } finally {
                FILLING_IN.remove();
                FILLING.decrementAndGet();
            }
        }
        return new Captured(
                failure,
                this,
                channels,
                attempts,
                durationNanos,
                recoveredBy,
                threadName(Thread.currentThread()),
                WallClock.millis(),
                said,
                templateFailure,
                count,
                withValues && call != null ? values(call.everything()) : parameters);
    }

    /** Virtual threads have no name, unless they are given one. A Java that has none of them cannot be asked whether one is. */
    static String threadName(Thread thread) {
        String name = thread.getName();
        if (!name.isEmpty()) {
            return name;
        }
        ThreadGroup group = thread.getThreadGroup();
        return (group != null && group.getName().equals("VirtualThreads") ? "virtual-" : "thread-") + thread.getId();
    }

    private List<Captured.Argument> values(@Nullable Object[] everything) {
        List<Captured.Argument> values = new ArrayList<>(parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            Captured.Argument parameter = parameters.get(i);
            Object value = everything[i + 1];
            if (parameter.name().startsWith(UNNAMED)) {
                values.add(parameter); // without its name nobody knows whether a value is secret
            } else {
                Object taken = isTelling[i] ? Scrubber.REDACTED : ArgumentText.taken(value);
                values.add(
                        taken instanceof String text
                                ? new Captured.Argument(parameter.name(), parameter.type(), text, null)
                                : new Captured.Argument(parameter.name(), parameter.type(), null, taken));
            }
        }
        return values;
    }

    /** The text of what was taken for the message; may run code of the application's. */
    String text(Captured.Said said) throws Throwable {
        LinkedTemplate template = message;
        return template == null ? "" : template.laterText(said.taken());
    }

    Threshold threshold() {
        return threshold;
    }

    GuardedMethod method() {
        return method;
    }

    /** Names of channels; empty for those that are configured. */
    List<String> channels() {
        return channels;
    }

    Severity severity() {
        return severity;
    }
}
