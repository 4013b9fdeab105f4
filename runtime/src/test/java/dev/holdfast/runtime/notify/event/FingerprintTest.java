package dev.holdfast.runtime.notify.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {

    @ParameterizedTest
    @CsvSource({
        "order 17 not found, order 4711 not found",
        "order a1b2-c3 failed, order 9f-8e failed",
        "'order 1 failed', 'order 1,000,000 failed'",
        "timed out after 100ms, timed out after 7ms",
        "10.0.0.1:8080 refused, 10.0.0.22:9090 refused",
    })
    void ignores_numbers_in_messages(String one, String other) {
        assertThat(of(one)).isEqualTo(of(other)).startsWith("v1:");
    }

    @Test
    void tells_kinds_apart() {
        List<String> kinds = List.of(
                of("refused"),
                of("reset"),
                Fingerprint.of("a#c", "E", "R", trace(1), "refused"),
                Fingerprint.of("a#b", "F", "R", trace(1), "refused"),
                Fingerprint.of("a#b", "E", "S", trace(1), "refused"),
                Fingerprint.of("a#b", "E", "R", new StackTraceElement[0], "refused"));
        assertThat(kinds).doesNotHaveDuplicates();
    }

    @Test
    void ignores_lines_lambdas_proxies_woven_frames_and_the_jdk() {
        assertThat(Fingerprint.of("a#b", "E", "R", trace(1), null))
                .isEqualTo(Fingerprint.of("a#b", "E", "R", trace(99), null));
        StackTraceElement[] noisy = {
            new StackTraceElement("java.util.ArrayList", "forEach", "ArrayList.java", 1),
            new StackTraceElement("com.acme.Quotes", "quote$holdfast", "Quotes.java", 5),
            new StackTraceElement("com.acme.Quotes", "quote", "Quotes.java", 5),
            new StackTraceElement("com.acme.Quotes$$Lambda/0x1", "apply", null, -1),
            new StackTraceElement("jdk.proxy2.$Proxy7", "run", null, -1),
            new StackTraceElement("com.acme.Main", "lambda$main$0", "Main.java", 8),
            new StackTraceElement("dev.holdfast.runtime.Call", "proceed", "Call.java", 8),
            new StackTraceElement("com.acme.Main", "main", "Main.java", 9),
        };
        assertThat(Fingerprint.of("a#b", "E", "R", noisy, null))
                .isEqualTo(Fingerprint.of("a#b", "E", "R", trace(1), null));
    }

    /** The first call of a method, and one with a policy that asks before the body, goes through the runtime; later ones need not. */
    @Test
    void is_the_same_whether_a_call_went_through_the_runtime_or_not() {
        StackTraceElement body = new StackTraceElement("com.acme.Quotes", "quote$holdfast", "Quotes.java", 5);
        StackTraceElement wrapper = new StackTraceElement("com.acme.Quotes", "quote", "Quotes.java", 5);
        StackTraceElement[] through = {
            body,
            new StackTraceElement("dev.holdfast.runtime.Site", "run", "Site.java", 1),
            new StackTraceElement("java.lang.HoldfastSite", "run", "HoldfastSite.java", 1),
            wrapper
        };
        StackTraceElement[] straight = {body, wrapper};
        assertThat(Fingerprint.of("a#b", "E", "R", through, null))
                .isEqualTo(Fingerprint.of("a#b", "E", "R", straight, null));
        assertThat(Frames.told(through)).containsExactly("com.acme.Quotes.quote(Quotes.java:5)");
    }

    @Test
    void tells_frames_as_they_were_written() {
        StackTraceElement[] woven = {
            new StackTraceElement("com.acme.Quotes", "quote$holdfast", "Quotes.java", 5),
            new StackTraceElement("dev.holdfast.runtime.Site", "run", "Site.java", 1),
            new StackTraceElement("com.acme.Quotes", "quote$holdfast", "Quotes.java", 7),
            new StackTraceElement("com.acme.Quotes", "quote", "Quotes.java", 7),
            new StackTraceElement("com.acme.Main", "main", null, -1),
        };
        assertThat(Frames.told(woven))
                .containsExactly(
                        "com.acme.Quotes.quote(Quotes.java:5)",
                        "com.acme.Quotes.quote(Quotes.java:7)",
                        "com.acme.Main.main(Unknown Source)");
    }

    private static String of(@Nullable String message) {
        return Fingerprint.of("a#b", "E", "R", trace(1), message);
    }

    private static StackTraceElement[] trace(int line) {
        return new StackTraceElement[] {
            new StackTraceElement("com.acme.Quotes", "quote", "Quotes.java", line),
            new StackTraceElement("com.acme.Main", "main", "Main.java", line + 1),
        };
    }
}
