package dev.holdfast.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.Marked;
import dev.holdfast.agent.programs.Faulty;
import dev.holdfast.agent.programs.Guarded;
import dev.holdfast.agent.programs.Hello;
import dev.holdfast.agent.weave.Weaver;
import dev.holdfast.bridge.HoldfastSite;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TransformerTest {

    private static final long LONG_MILLIS = 30_000;

    private final FakeRuntime runtime = new FakeRuntime(name -> !name.equals(Faulty.class.getName()));
    private final Aftercare aftercare = new Aftercare(new AwaitedClasses(loader -> new Class<?>[0], runtime), runtime);
    private final AtomicInteger weaversBuilt = new AtomicInteger();
    private final Transformer transformer = transformer(() -> {
        weaversBuilt.incrementAndGet();
        return new Weaver();
    });
    private final ClassLoader loader = Classes.loader();

    @Test
    void weaves_what_bears_an_annotation() {
        assertThat(load(loader, Guarded.class)).isNotNull().isNotEqualTo(Classes.file(Guarded.class));
        assertThat(transformer.woven(loader, Guarded.class.getName())).containsExactly("answer(I)I");
        assertThat(logged()).isEmpty();
    }

    @Test
    void lets_everything_else_go_by_and_builds_no_weaver_for_it() {
        assertThat(load(loader, Hello.class)).isNull();
        assertThat(load(loader, Marked.class)).isNull();
        assertThat(weaversBuilt).hasValue(0);
    }

    @Test
    void builds_one_weaver_for_all() {
        load(loader, Guarded.class);
        load(Classes.loader(), Guarded.class);

        assertThat(weaversBuilt).hasValue(1);
    }

    @Test
    void leaves_alone_the_jdk_and_itself() {
        byte[] classFile = Classes.file(Guarded.class);
        String name = Classes.internalName(Guarded.class);

        assertThat(transformer.transform(null, null, name, null, null, classFile))
                .isNull();
        assertThat(transformer.transform(null, ClassLoader.getPlatformClassLoader(), name, null, null, classFile))
                .isNull();
        assertThat(transformer.transform(null, Transformer.class.getClassLoader(), name, null, null, classFile))
                .isNull();
        assertThat(transformer.transform(null, loader, null, null, null, classFile))
                .isNull();
        assertThat(weaversBuilt).hasValue(0);
    }

    @Test
    void leaves_alone_what_the_settings_exclude() {
        assertThat(load(loader, Faulty.class)).isNull();
        assertThat(logged()).isEmpty();
    }

    @Test
    void weaves_a_class_that_is_redefined_as_it_was_woven_at_first() {
        byte[] woven = load(loader, Guarded.class);

        assertThat(redefine(loader, Guarded.class)).isEqualTo(woven);
    }

    @Test
    void leaves_alone_a_class_that_is_redefined_and_was_not_woven_at_first() {
        load(loader, Guarded.class);
        ClassLoader other = Classes.loader();
        load(other, Hello.class);

        assertThat(redefine(other, Guarded.class)).isNull();
        assertThat(logged()).isEmpty();
    }

    @Test
    void tells_of_early_classes_though_the_loader_of_one_fails() throws Exception {
        Class<?>[] loaded = {
            new Early(true).loadClass(Guarded.class.getName()), new Early(false).loadClass(Guarded.class.getName())
        };
        assertThat(EarlyClasses.message(loaded, transformer)).startsWith("1 class was loaded");
    }

    @Test
    void tries_again_with_the_next_class_where_the_stack_ended_in_the_self_test() {
        Transformer deep = transformer(() -> {
            if (weaversBuilt.incrementAndGet() == 1) {
                throw new StackOverflowError("planned");
            }
            return new Weaver();
        });

        assertThat(load(deep, loader, Guarded.class)).isNull();
        assertThat(logged()).singleElement().asString().startsWith("warn ").contains("runs unprotected");
        assertThat(load(deep, loader, Guarded.class)).isNotNull();
    }

    @Test
    void gives_up_for_good_when_the_self_test_fails_and_says_so_once() {
        Transformer failing = transformer(() -> {
            weaversBuilt.incrementAndGet();
            throw new VerifyError("another agent was here");
        });

        assertThat(load(failing, loader, Guarded.class)).isNull();
        assertThat(load(failing, loader, Guarded.class)).isNull();
        assertThat(weaversBuilt).hasValue(1);
        assertThat(logged())
                .singleElement()
                .asString()
                .startsWith("error ")
                .contains("switched itself off", "another agent was here");
    }

    @Test
    void loads_a_damaged_class_as_it_was() {
        byte[] whole = Classes.file(Guarded.class);
        for (int length = 0; length < whole.length; length++) {
            byte[] damaged = Arrays.copyOf(whole, length);
            assertThat(transformer.transform(null, loader, Classes.internalName(Guarded.class), null, null, damaged))
                    .isNull();
        }
        assertThat(logged()).allSatisfy(message -> assertThat(message).startsWith("warn "));
    }

    @Test
    void leaves_alone_the_classes_of_a_loader_that_does_not_find_the_bridge_and_says_so_once() {
        ClassLoader shut = new ClassLoader(TransformerTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.equals(HoldfastSite.class.getName())) {
                    throw new ClassNotFoundException(name);
                }
                return super.loadClass(name, resolve);
            }
        };

        assertThat(load(shut, Guarded.class)).isNull();
        assertThat(load(shut, Guarded.class)).isNull();
        assertThat(logged()).singleElement().asString().contains("does not find " + HoldfastSite.class.getName());
        assertThat(load(loader, Guarded.class)).isNotNull();
    }

    /** An application's loader may load classes of its own when it is asked for a class file. */
    @Test
    void does_not_go_round_in_circles_with_a_loader_that_loads_classes_in_search_of_others() {
        ClassLoader busy = new ClassLoader(TransformerTest.class.getClassLoader()) {
            @Override
            public InputStream getResourceAsStream(String name) {
                assertThat(load(this, Guarded.class)).isNull();
                assertThat(load(this, Marked.class)).isNull();
                return new ByteArrayInputStream(new byte[0]);
            }
        };

        assertThat(load(busy, Marked.class)).isNull();
        assertThat(logged()).singleElement().asString().contains(Guarded.class.getName(), "in search of another class");
        assertThat(load(busy, Guarded.class)).isNotNull();
    }

    @Test
    void knows_which_loaded_class_it_would_have_woven() {
        assertThat(transformer.wouldWeave(loader, Guarded.class.getName())).isTrue();
        assertThat(transformer.wouldWeave(loader, Hello.class.getName())).isFalse();
        assertThat(transformer.wouldWeave(loader, Faulty.class.getName())).isFalse();
        assertThat(transformer.wouldWeave(loader, "no.such.Class")).isFalse();
        assertThat(transformer.woven(loader, Guarded.class.getName())).isEmpty();
    }

    @Test
    void passes_its_self_test() throws Exception {
        assertThat(load(transformer(new SelfTest()), loader, Guarded.class)).isNotNull();
        assertThat(logged()).isEmpty();
    }

    /** Has a class of its own, and may fail where it is asked for the file of one. */
    private static final class Early extends ClassLoader {

        private final boolean fails;

        Early(boolean fails) {
            super(Classes.class.getClassLoader());
            this.fails = fails;
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            if (fails) {
                throw new IllegalStateException("planned");
            }
            return super.getResourceAsStream(name);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            byte[] classFile = Classes.file(Guarded.class);
            return name.equals(Guarded.class.getName())
                    ? defineClass(name, classFile, 0, classFile.length)
                    : super.loadClass(name, resolve);
        }
    }

    private Transformer transformer(Callable<Weaver> makeWeaver) {
        return new Transformer(runtime, aftercare, () -> HoldfastSite.class, makeWeaver);
    }

    private byte @Nullable [] load(ClassLoader loader, Class<?> type) {
        return load(transformer, loader, type);
    }

    private static byte @Nullable [] load(Transformer transformer, ClassLoader loader, Class<?> type) {
        return transformer.transform(null, loader, Classes.internalName(type), null, null, Classes.file(type));
    }

    private byte @Nullable [] redefine(ClassLoader loader, Class<?> type) {
        return transformer.transform(null, loader, Classes.internalName(type), type, null, Classes.file(type));
    }

    private java.util.List<String> logged() {
        aftercare.finish(LONG_MILLIS);
        return runtime.logged;
    }
}
