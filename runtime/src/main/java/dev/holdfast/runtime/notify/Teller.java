package dev.holdfast.runtime.notify;

import dev.holdfast.Severity;
import dev.holdfast.When;
import dev.holdfast.definition.notify.Telling;
import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.Invocation;
import dev.holdfast.runtime.notify.event.ArgumentText;
import dev.holdfast.runtime.notify.event.Event;
import dev.holdfast.runtime.template.LinkedTemplate;
import dev.holdfast.runtime.time.Time;
import dev.holdfast.runtime.time.WallClock;
import java.util.ArrayList;
import java.util.List;
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
    private final List<Event.Argument> parameters;
    private final Time time;

    private Teller(Telling telling, List<String> names, GuardedMethod method, Time time)
            throws ReflectiveOperationException {
        this.method = method;
        this.on = types(telling.on(), method.loader());
        this.except = types(telling.except(), method.loader());
        this.channels = telling.channels();
        this.unrecoveredOnly = telling.when() == When.UNRECOVERED;
        this.threshold = new Threshold(telling.after(), telling.withinNanos());
        this.severity = telling.severity();
        this.message =
                telling.message() == null ? null : LinkedTemplate.link(telling.message(), method, Throwable.class);
        this.withValues = telling.arguments();
        this.parameters = parameters(method, names);
        this.time = time;
    }

    /**
     * Of one annotation of a method.
     *
     * @param names of the method's parameters; an empty text for one that is not known
     */
    static Teller link(Telling telling, List<String> names, GuardedMethod method, Time time)
            throws ReflectiveOperationException {
        return new Teller(telling, names, method, time);
    }

    private static Class<?>[] types(List<String> names, @Nullable ClassLoader loader) throws ClassNotFoundException {
        Class<?>[] types = new Class<?>[names.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = Class.forName(names.get(i), false, loader);
        }
        return types;
    }

    private static List<Event.Argument> parameters(GuardedMethod method, List<String> names) {
        Class<?>[] types = method.method().getParameterTypes();
        List<Event.Argument> parameters = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            String name = i < names.size() && !names.get(i).isEmpty() ? names.get(i) : UNNAMED + i;
            parameters.add(new Event.Argument(name, types[i].getTypeName(), null));
        }
        return List.copyOf(parameters);
    }

    /** Whether it is such a failure. */
    boolean means(Throwable failure, boolean isRecovered) {
        return !(isRecovered && unrecoveredOnly) && isAny(on, failure) && !isAny(except, failure);
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
        return FILLING_IN.get() != null;
    }

    /**
     * Takes a failure down.
     *
     * @return null if there were not enough of them yet
     */
    @Nullable
    Captured capture(Invocation call, Throwable failure, @Nullable String recoveredBy, long durationNanos) {
        int count = threshold.count(time.nanoTime());
        if (count == 0) {
            return null;
        }
        String text = null;
        Throwable templateFailure = null;
        if (message != null) {
            FILLING_IN.set(true);
            try {
                text = message.text(call.everything(), failure);
            } catch (Throwable broken) {
                templateFailure = broken;
            } finally {
                FILLING_IN.remove();
            }
        }
        return new Captured(
                failure,
                this,
                call.attempts(),
                durationNanos,
                recoveredBy,
                Thread.currentThread().getName(),
                WallClock.millis(),
                text,
                templateFailure,
                count,
                withValues ? values(call.everything()) : parameters);
    }

    private List<Event.Argument> values(@Nullable Object[] everything) {
        List<Event.Argument> values = new ArrayList<>(parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            Event.Argument parameter = parameters.get(i);
            // Without its name nobody knows whether a value is secret.
            String value =
                    parameter.name().startsWith(UNNAMED) ? null : ArgumentText.of(parameter.name(), everything[i + 1]);
            values.add(new Event.Argument(parameter.name(), parameter.type(), value));
        }
        return values;
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
