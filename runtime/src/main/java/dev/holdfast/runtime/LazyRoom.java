package dev.holdfast.runtime;

import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.Names;
import dev.holdfast.runtime.settings.Rule;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A room that is opened when the first annotation of its kind is read: a program that has one of the four should not load the classes of the
 * others. Thread-safe; two threads may open it at once, and then one of the two rooms is used, as a room begins nothing by itself.
 *
 * @param <S> what the annotation says of a method
 * @param <R> the room
 */
final class LazyRoom<S, R extends Room<S>> implements Room<S> {

    private final String annotation;
    private final Map<String, String> nested;
    private final Supplier<R> opens;
    private final AtomicReference<@Nullable R> opened = new AtomicReference<>();

    /** For a room that has not been opened yet, with what it says of itself. */
    LazyRoom(String annotation, Map<String, String> nested, Supplier<R> opens) {
        this.annotation = annotation;
        this.nested = nested;
        this.opens = opens;
    }

    /** The room itself. */
    R open() {
        R room = opened.get();
        if (room != null) {
            return room;
        }
        R made = opens.get();
        R first = opened.compareAndExchange(null, made);
        return first == null ? made : first;
    }

    @Override
    public String annotation() {
        return annotation;
    }

    @Override
    public Map<String, String> nested() {
        return nested;
    }

    @Override
    public Map<String, Rule<?>> attributes() {
        return open().attributes();
    }

    @Override
    public S read(List<Attributes> given, MethodModel method, Names names) {
        return open().read(given, method, names);
    }

    @Override
    public String summary(S settings) {
        return open().summary(settings);
    }

    /** There is nothing to let go of in a room where nobody has been. */
    @Override
    public void isOff(Memory memory) {
        R room = opened.get();
        if (room != null) {
            room.isOff(memory);
        }
    }

    @Override
    public void expect(S settings) {
        open().expect(settings);
    }
}
