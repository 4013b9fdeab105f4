package dev.holdfast.servlets.jakarta;

import java.time.Instant;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A session, as the runtime has it: what stands in {@code dev.holdfast.Session} goes by the same names there. */
final class Operations {

    private final BiFunction<String, @Nullable Object[], @Nullable Object> session;

    Operations(BiFunction<String, @Nullable Object[], @Nullable Object> session) {
        this.session = session;
    }

    /** Whether there is one: it was stored, or was made since. Also when the call is over. */
    boolean exists() {
        return isOver() ? Boolean.TRUE.equals(afterwards(Operations::exists)) : (Boolean) give("exists");
    }

    /** Whether the call that it belonged to is over. From then on the others here throw, but for those that say so. */
    boolean isOver() {
        return (Boolean) give("isOver");
    }

    /** When the call is over: finds the session anew, does that with it, and saves it. */
    @Nullable
    Object afterwards(Function<Operations, @Nullable Object> work) {
        Function<BiFunction<String, @Nullable Object[], @Nullable Object>, @Nullable Object> ofFound =
                found -> work.apply(new Operations(found));
        return ask("afterwards", ofFound);
    }

    /** Makes one where there is none, and says whether that was so. */
    boolean make() {
        return (Boolean) give("make");
    }

    /** The listeners of the application cannot be told. */
    void deaf(String reason) {
        ask("deaf", reason);
    }

    /** The last one when the call is over. */
    String id() {
        return (String) give("lastId");
    }

    String renewId() {
        return (String) give("renewId");
    }

    @Nullable
    Object get(String name) {
        return ask("get", name);
    }

    void set(String name, Object value) {
        ask("set", name, value);
    }

    void remove(String name) {
        ask("remove", name);
    }

    @SuppressWarnings("unchecked") // which is what it gives
    Set<String> names() {
        return (Set<String>) give("names");
    }

    void invalidate() {
        ask("invalidate");
    }

    boolean isNew() {
        return (Boolean) give("isNew");
    }

    Instant createdAt() {
        return (Instant) give("createdAt");
    }

    Instant lastUsedAt() {
        return (Instant) give("lastUsedAt");
    }

    /** In seconds. */
    int idle() {
        return (Integer) give("idle");
    }

    void idle(int seconds) {
        ask("idle", seconds);
    }

    private @Nullable Object ask(String operation, @Nullable Object... arguments) {
        return session.apply(operation, arguments);
    }

    private Object give(String operation) {
        Object given = ask(operation);
        if (given == null) {
            throw new IllegalStateException(operation + " gave nothing");
        }
        return given;
    }
}
