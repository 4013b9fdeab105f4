package dev.holdfast.runtime;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.CallTimeoutException;
import dev.holdfast.InvalidPolicyException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose exceptions an application gets: those that it can catch. */
final class ExceptionTypeTest {

    /** An application that carries class files of its own, and looks nowhere else for what is in {@code dev.holdfast}. */
    private static final class Application extends ClassLoader {

        private final Map<String, byte[]> classes;

        Application(Map<String, byte[]> classes) {
            super(null);
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] file = classes.get(name);
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, file, 0, file.length);
        }
    }

    private static Application withCopy() throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        for (String name : List.of("BreakerOpenException", "CallRejectedException", "InvalidPolicyException")) {
            try (InputStream file =
                    requireNonNull(BreakerOpenException.class.getResourceAsStream(name + ".class"), name)) {
                classes.put("dev.holdfast." + name, file.readAllBytes());
            }
        }
        return new Application(classes);
    }

    @Test
    void an_application_catches_the_exceptions_of_its_own_copy() throws Exception {
        Application application = withCopy();
        ExceptionType type = ExceptionType.in(application, "BreakerOpenException", Duration.class);
        Throwable made = type.make("why", Duration.ofSeconds(3));
        assertThat(made)
                .isExactlyInstanceOf(application.loadClass("dev.holdfast.BreakerOpenException"))
                .isNotInstanceOf(BreakerOpenException.class)
                .hasMessage("why");
        assertThat(made.getClass().getMethod("retryAfter").invoke(made)).isEqualTo(Optional.of(Duration.ofSeconds(3)));
        assertThat(ExceptionType.in(application, "InvalidPolicyException").make("why"))
                .isExactlyInstanceOf(application.loadClass("dev.holdfast.InvalidPolicyException"));
    }

    @Test
    void an_application_without_a_copy_gets_the_agent_s() {
        for (@Nullable ClassLoader loader : new @Nullable ClassLoader[] {null, new Application(Map.of())}) {
            assertThat(ExceptionType.in(loader, "InvalidPolicyException").make("why"))
                    .isExactlyInstanceOf(InvalidPolicyException.class)
                    .hasMessage("why");
            IOException cause = new IOException();
            assertThat(ExceptionType.in(loader, "CallTimeoutException", Throwable.class)
                            .make("late", cause))
                    .isExactlyInstanceOf(CallTimeoutException.class)
                    .hasMessage("late")
                    .hasCause(cause);
        }
    }

    @Test
    void what_is_beside_the_message_may_be_missing() {
        Throwable made =
                ExceptionType.in(null, "BreakerOpenException", Duration.class).make("why", null);
        assertThat(((BreakerOpenException) made).retryAfter()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "public class CallTimeoutException { public CallTimeoutException(String m, Throwable c) {} }",
                "public class CallTimeoutException extends Exception { public CallTimeoutException(String m) {} }",
                "public class CallTimeoutException extends Exception { CallTimeoutException(String m, Throwable c) {} }",
                "public abstract class CallTimeoutException extends Exception {"
                        + " public CallTimeoutException(String m, Throwable c) {} }",
                "class CallTimeoutException extends Exception { public CallTimeoutException(String m, Throwable c) {} }",
            })
    void a_copy_that_does_not_fit_is_passed_over(String source, @TempDir Path folder) throws Exception {
        Application application = new Application(
                Map.of("dev.holdfast.CallTimeoutException", compiled("CallTimeoutException", source, folder)));
        assertThat(ExceptionType.in(application, "CallTimeoutException", Throwable.class)
                        .make("late", null))
                .isExactlyInstanceOf(CallTimeoutException.class);
    }

    @Test
    void a_copy_whose_file_is_damaged_is_passed_over() {
        Application application = new Application(Map.of("dev.holdfast.CallTimeoutException", new byte[] {1, 2, 3}));
        assertThat(ExceptionType.in(application, "CallTimeoutException", Throwable.class)
                        .make("late", null))
                .isExactlyInstanceOf(CallTimeoutException.class);
    }

    @Test
    void an_error_while_one_is_made_goes_through(@TempDir Path folder) throws Exception {
        byte[] file = compiled(
                "InvalidPolicyException",
                "public class InvalidPolicyException extends Exception { public InvalidPolicyException(String m) {"
                        + " throw new OutOfMemoryError(m); } }",
                folder);
        ExceptionType type = ExceptionType.in(
                new Application(Map.of("dev.holdfast.InvalidPolicyException", file)), "InvalidPolicyException");
        assertThatThrownBy(() -> type.make("planned"))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("planned");
    }

    private static byte[] compiled(String name, String source, Path folder) throws IOException {
        JavaCompiler compiler = requireNonNull(ToolProvider.getSystemJavaCompiler(), "no compiler");
        var file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
                    @Override
                    public String getCharContent(boolean ignoreEncodingErrors) {
                        return "package dev.holdfast;" + source;
                    }
                };
        List<String> options = List.of("-proc:none", "--release", "17", "-d", folder.toString());
        Boolean done =
                compiler.getTask(null, null, null, options, null, List.of(file)).call();
        assertThat(done).as(source).isTrue();
        return Files.readAllBytes(folder.resolve("dev/holdfast/" + name + ".class"));
    }
}
