package dev.holdfast.agent.attach;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Writes down what it is told. Thread-safe. */
final class FakeRuntime implements RuntimeEntry {

    final List<String> checked = new CopyOnWriteArrayList<>();
    final List<String> logged = new CopyOnWriteArrayList<>();
    /** The one that logged last. */
    volatile @Nullable Thread teller;

    private final Predicate<String> weaves;

    /** Weaves everything. */
    FakeRuntime() {
        this(name -> true);
    }

    FakeRuntime(Predicate<String> weaves) {
        this.weaves = weaves;
    }

    @Override
    public boolean enabled() {
        return true;
    }

    @Override
    public String redis() {
        return "";
    }

    @Override
    public Predicate<String> weaves() {
        return weaves;
    }

    @Override
    public void check(Class<?> type, String method, String descriptor, String definition) {
        checked.add(type.getSimpleName() + "." + method + descriptor + " " + definition);
    }

    @Override
    public void log(String level, @Nullable ClassLoader loader, String message, @Nullable Throwable cause) {
        teller = Thread.currentThread();
        logged.add(level + " " + message);
    }
}
