package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.it.programs.invalid.Called;
import dev.holdfast.it.programs.invalid.LoadsOnly;
import dev.holdfast.it.programs.invalid.Unprotected;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** What is said of definitions that are wrong, when their class is loaded and when they are called. */
class InvalidDefinitionIT {

    @TestFactory
    Stream<DynamicNode> the_call_fails() {
        return Cases.everywhere(Called.class);
    }

    @TestFactory
    Stream<DynamicNode> or_runs_unprotected() {
        return Cases.under("warn", Jvm.of(Jdk.running()).options("-Dholdfast.invalid=warn"), Unprotected.class);
    }

    @TestFactory
    Stream<DynamicNode> without_the_agent_nobody_minds() {
        return Stream.of(Cases.bare(Called.class, Unprotected.class));
    }

    @EveryJdk
    void errors_are_logged_when_the_class_is_loaded_even_if_nothing_is_called(Jdk jdk) {
        errorsAtLoad(Jvm.of(jdk).run(LoadsOnly.class.getName()));
    }

    @EveryJdk
    void errors_are_logged_where_calls_run_unprotected_too(Jdk jdk) {
        errorsAtLoad(Jvm.of(jdk).options("-Dholdfast.invalid=warn").run(LoadsOnly.class.getName()));
    }

    private static void errorsAtLoad(Jvm.Run run) {
        run.succeeds();
        assertThat(run.out()).isEqualTo("loaded\n");
        String place = "dev.holdfast.it.programs.invalid.Quotes.";
        for (String method :
                new String[] {"bare()", "attempts()", "delay()", "neverCalled()", "quote(String)", "twoBreakers()"}) {
            assertThat(run.err()).as("%s", run).contains(place + method + ": @Recover");
        }
        assertThat(run.err()).containsIgnoringCase("error").doesNotContain(place + "sound");
        // Each fault once, however many ways lead to it.
        assertThat(run.err().split(java.util.regex.Pattern.quote(place + "neverCalled()"), -1))
                .hasSize(2);
        for (String part :
                new String[] {"attempts", "-3", "delay", "\"never\"", "jitter", "\"nowhere\"", "window", "probes"}) {
            assertThat(run.err()).contains(part);
        }
    }
}
