package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.InvalidPolicyException;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the configuration makes of an annotation. */
final class OverridesTest {

    private final VirtualTime time = VirtualTime.turningItself();

    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Shop {

        static int attempts;

        static String find(Throwable planned) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static String find$holdfast(Throwable planned) throws Throwable {
            attempts++;
            throw planned;
        }
    }

    private Woven shop(String definition, Map<String, String> properties) throws IllegalAccessException {
        Shop.attempts = 0;
        return new Woven.Jvm(time, properties)
                .method(MethodHandles.privateLookupIn(Shop.class, MethodHandles.lookup()), "find", definition);
    }

    @Test
    void a_policy_that_is_emptied_runs_the_body_alone() throws Exception {
        Woven find = shop("@Recover(attempts=3)", Map.of("holdfast.Recover/attempts", "1"));
        IOException planned = new IOException();
        assertThatThrownBy(() -> find.call(null, planned)).isSameAs(planned);
        assertThat(Shop.attempts).isEqualTo(1);
    }

    @Test
    void a_policy_that_was_written_empty_stays_a_fault() throws Exception {
        Woven find = shop("@Recover()", Map.of("holdfast.Recover/delay", "1s"));
        assertThatThrownBy(() -> find.call(null, new IOException()))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining("@Recover can do nothing");
    }

    @Test
    void constants_are_known_in_any_case() throws Exception {
        Woven find = shop("@Recover(attempts=3,jitter=0.0)", Map.of("holdfast.Recover/backoff", "constant"));
        assertThatThrownBy(() -> find.call(null, new IOException())).isInstanceOf(IOException.class);
        assertThat(time.sleeps())
                .containsExactly(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.MILLISECONDS.toNanos(100));
    }

    @Test
    void a_breaker_is_switched_off_by_either_of_its_names() throws Exception {
        for (String key : new String[] {"Recover/breaker/enabled", "CircuitBreaker/enabled"}) {
            Woven find = shop("@Recover(breaker={@CircuitBreaker(window=1)})", Map.of("holdfast." + key, "false"));
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> find.call(null, new IOException())).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void the_more_specific_key_wins_whichever_name_it_uses() throws Exception {
        String global = "holdfast.CircuitBreaker/window";
        String ofClass = "holdfast." + Shop.class.getName() + "/Recover/breaker/window";
        String ofMethod = "holdfast." + Shop.class.getName() + "/find/CircuitBreaker/window";
        String definition = "@Recover(breaker={@CircuitBreaker()})";
        assertThat(opensAfter(shop(definition, Map.of(global, "2")))).isEqualTo(2);
        assertThat(opensAfter(shop(definition, Map.of(global, "2", ofClass, "3"))))
                .isEqualTo(3);
        assertThat(opensAfter(shop(definition, Map.of(global, "2", ofClass, "3", ofMethod, "4"))))
                .isEqualTo(4);
    }

    private static int opensAfter(Woven find) {
        for (int calls = 0; calls < 100; calls++) {
            try {
                find.call(null, new IOException());
            } catch (BreakerOpenException open) {
                return calls;
            } catch (Throwable planned) {
                assertThat(planned).isInstanceOf(IOException.class);
            }
        }
        throw new AssertionError("never opens");
    }
}
