package dev.holdfast.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CallRejectedException;
import dev.holdfast.CallTimeoutException;
import dev.holdfast.ConcurrencyLimitException;
import dev.holdfast.SessionUnavailableException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VerdictTest {

    private static final Verdict ERROR = new Verdict(Status.INTERNAL_SERVER_ERROR, 0);
    private static final Verdict TIMEOUT = new Verdict(Status.GATEWAY_TIMEOUT, 0);

    private static Verdict rejected(long retryAfterSeconds) {
        return new Verdict(Status.SERVICE_UNAVAILABLE, retryAfterSeconds);
    }

    @Test
    void whatever_is_none_of_ours_is_an_error_of_the_server() {
        assertThat(Verdict.of(new IOException("down"))).isEqualTo(ERROR);
        assertThat(Verdict.of(new AssertionError())).isEqualTo(ERROR);
        assertThat(Verdict.of(new IllegalStateException(new CallTimeoutException("late", new IOException()))))
                .isEqualTo(ERROR);
    }

    @Test
    void ours_have_their_own() {
        assertThat(Verdict.of(open(Duration.ofSeconds(7)))).isEqualTo(rejected(7));
        assertThat(Verdict.of(open(null))).isEqualTo(rejected(1));
        assertThat(Verdict.of(new CallTimeoutException("late", new IOException())))
                .isEqualTo(TIMEOUT);
        assertThat(Verdict.of(open(null)).isRejection()).isTrue();
        assertThat(Verdict.of(new SessionUnavailableException("away", new IOException()))
                        .isRejection())
                .isTrue();
        assertThat(ERROR.isRejection()).isFalse();
        assertThat(TIMEOUT.isRejection()).isFalse();
    }

    @Test
    void a_full_concurrency_limit_may_be_tried_again_in_a_second() throws Exception {
        ConcurrencyLimitException full = ConcurrencyLimitException.class
                .getConstructor(String.class, Duration.class)
                .newInstance("full", null);
        assertThat(Verdict.of(full)).isEqualTo(rejected(1));
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 1",
        "PT0.000000001S, 1",
        "PT1S, 1",
        "PT1.000000001S, 2",
        "PT9.999S, 10",
        "PT10S, 10",
        "PT24H, 86400",
        "PT-5S, 1",
        "PT9223372036854775807.9S, 9223372036854775807"
    })
    void waits_are_told_in_whole_seconds_that_are_not_too_few(Duration wait, long seconds) {
        assertThat(Verdict.of(open(wait))).isEqualTo(rejected(seconds));
    }

    @Test
    void a_rejection_of_the_applications_own_is_one_too() {
        assertThat(Verdict.of(new CallRejectedException("full house", Duration.ofMillis(1_500)) {}))
                .isEqualTo(rejected(2));
    }

    @Test
    void what_a_wrapper_carries_is_what_counts() {
        BreakerOpenException open = open(Duration.ofSeconds(3));
        for (Throwable wrapper : List.of(
                new CompletionException(open),
                new ExecutionException(open),
                new InvocationTargetException(open),
                new UndeclaredThrowableException(open),
                new ExecutionException(new CompletionException(open)))) {
            assertThat(Verdict.of(wrapper)).as("%s", wrapper).isEqualTo(rejected(3));
        }
        assertThat(Verdict.of(new CompletionException("of nothing", null))).isEqualTo(ERROR);
    }

    @Test
    void a_wrapper_of_itself_comes_to_an_end() {
        CompletionException circle = new CompletionException("circle", null) {
            @Override
            public synchronized Throwable getCause() {
                return this;
            }
        };
        assertThat(Verdict.of(circle)).isEqualTo(ERROR);
    }

    /** Also those that are only in the application's copy, or a later one than ours. */
    @Test
    void an_applications_own_copy_is_known_by_its_names(@TempDir Path folder) throws Exception {
        Map<String, String> sources = Map.of(
                "CallRejectedException",
                """
                package dev.holdfast;
                public abstract class CallRejectedException extends RuntimeException {
                    public final java.util.Optional<java.time.Duration> retryAfter() {
                        return java.util.Optional.of(java.time.Duration.ofMillis(2_001));
                    }
                }
                """,
                "RateLimitedException",
                "package dev.holdfast; public class RateLimitedException extends CallRejectedException {}",
                "SessionUnavailableException",
                "package dev.holdfast; public class SessionUnavailableException extends RuntimeException {}",
                "CallTimeoutException",
                "package dev.holdfast; public class CallTimeoutException extends RuntimeException {}");
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", folder.toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve(source.getKey() + ".java");
            Files.writeString(file, source.getValue());
            arguments.add(file.toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        try (URLClassLoader application =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            assertThat(Verdict.of(thrown(application, "RateLimitedException")))
                    .isEqualTo(new Verdict(Status.TOO_MANY_REQUESTS, 3));
            assertThat(Verdict.of(thrown(application, "SessionUnavailableException")))
                    .isEqualTo(new Verdict(Status.SERVICE_UNAVAILABLE, 0));
            assertThat(Verdict.of(thrown(application, "CallTimeoutException"))).isEqualTo(TIMEOUT);
        }
    }

    private static Throwable thrown(ClassLoader application, String name) throws Exception {
        Class<?> type = Class.forName("dev.holdfast." + name, true, application);
        assertThat(type.getClassLoader()).isSameAs(application);
        return (Throwable) type.getConstructor().newInstance();
    }

    private static BreakerOpenException open(@Nullable Duration retryAfter) {
        try {
            return BreakerOpenException.class
                    .getConstructor(String.class, Duration.class)
                    .newInstance("open", retryAfter);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
