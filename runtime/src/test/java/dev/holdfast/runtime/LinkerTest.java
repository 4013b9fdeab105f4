package dev.holdfast.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a change of the configuration reaches. */
final class LinkerTest {

    private final Settings none = Settings.read(Map.of(), Map.of());
    private final Layers layers = new Layers(VirtualTime.turningItself(), () -> none);

    /** What happens while a definition is being read; null for nothing. */
    private final AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();

    private final Linker linker = new Linker(none, this::layers);

    private Layers layers() {
        Runnable happens = meanwhile.getAndSet(null);
        if (happens != null) {
            happens.run();
        }
        return layers;
    }

    /** As the weaver leaves it. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Early {

        static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

        static void tell() {
            throw new AssertionError("the wrapper is not called here");
        }

        private static void tell$holdfast() {}
    }

    /** As the weaver leaves it. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Late {

        static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

        static int furtherAttempts;

        static void tell() {
            throw new AssertionError("the wrapper is not called here");
        }

        private static void tell$holdfast() throws IOException {
            furtherAttempts++;
            throw new IOException();
        }
    }

    private Site site(MethodHandles.Lookup lookup, String definition) {
        return (Site) linker.apply(new Object[] {lookup, "tell", "()V", definition});
    }

    @Test
    void a_change_reaches_a_class_that_is_first_seen_while_it_is_being_checked() {
        var unused = site(Early.LOOKUP, "@Recover(attempts=3)");
        AtomicReference<@Nullable Site> late = new AtomicReference<>();
        meanwhile.set(() -> late.set(site(Late.LOOKUP, "@Recover(attempts=3)")));
        linker.change(Settings.read(Map.of("holdfast.Recover/attempts", "1"), Map.of()));
        IOException failure = new IOException();
        assertThatThrownBy(() -> requireNonNull(late.get()).failed(failure, 0, new Object[1]))
                .isSameAs(failure);
        assertThat(Late.furtherAttempts).isZero();
    }

    @Test
    void a_new_version_of_a_method_may_define_its_name_otherwise() {
        for (String openFor : List.of("1s", "2s")) {
            Site tell =
                    site(Late.LOOKUP, "@Recover(breaker={@CircuitBreaker(name=\"x\",openFor=\"" + openFor + "\")})");
            assertThat(tell.enter(null)).isPositive(); // and not refused
        }
    }
}
