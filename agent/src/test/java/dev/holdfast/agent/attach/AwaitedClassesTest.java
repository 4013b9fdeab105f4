package dev.holdfast.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.programs.Guarded;
import dev.holdfast.agent.programs.Hello;
import dev.holdfast.agent.weave.Weaving.Woven;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AwaitedClassesTest {

    private static final ClassLoader LOADER = Guarded.class.getClassLoader();
    private static final List<Woven> METHODS = List.of(new Woven("answer", "(I)I", "@Recover(attempts=2)"));

    private final FakeRuntime runtime = new FakeRuntime();
    private final List<Class<?>> loaded = new ArrayList<>();
    private final AwaitedClasses awaited = new AwaitedClasses(loader -> loaded.toArray(Class<?>[]::new), runtime);

    @Test
    void checks_a_class_once_it_is_loaded() {
        await(LOADER, Guarded.class, 0);

        assertThat(awaited.settle(1)).isEqualTo(1);
        assertThat(runtime.checked).isEmpty();

        loaded.add(Hello.class);
        loaded.add(Guarded.class);
        assertThat(awaited.settle(2)).isZero();
        assertThat(runtime.checked).containsExactly("Guarded.answer(I)I @Recover(attempts=2)");

        assertThat(awaited.settle(3)).isZero();
        assertThat(runtime.checked).hasSize(1);
    }

    @Test
    void forgets_a_class_that_never_comes() {
        await(LOADER, Guarded.class, 0);

        assertThat(awaited.settle(AwaitedClasses.PATIENCE_NANOS)).isEqualTo(1);
        assertThat(awaited.settle(AwaitedClasses.PATIENCE_NANOS + 1)).isZero();
        loaded.add(Guarded.class);
        awaited.settle(AwaitedClasses.PATIENCE_NANOS + 2);
        assertThat(runtime.checked).isEmpty();
    }

    @Test
    void forgets_the_classes_of_a_loader_that_is_gone() {
        awaited.add(new WeakReference<>(null), Guarded.class.getName(), METHODS, 0);

        assertThat(awaited.settle(1)).isZero();
    }

    @Test
    void checks_a_class_that_two_threads_wove_once() {
        await(LOADER, Guarded.class, 0);
        await(LOADER, Guarded.class, 0);
        loaded.add(Guarded.class);

        assertThat(awaited.settle(1)).isZero();
        assertThat(runtime.checked).hasSize(1);
    }

    @Test
    void does_not_take_the_class_of_another_loader_for_the_one_awaited() {
        await(Classes.loader(), Guarded.class, 0);
        loaded.add(Guarded.class);

        assertThat(awaited.settle(1)).isEqualTo(1);
        assertThat(runtime.checked).isEmpty();
    }

    private void await(ClassLoader loader, Class<?> type, long nowNanos) {
        awaited.add(new WeakReference<>(loader), type.getName(), METHODS, nowNanos);
        // The loader that no test keeps must not be collected before the test is over.
        kept.add(loader);
    }

    private final List<ClassLoader> kept = new ArrayList<>();
}
