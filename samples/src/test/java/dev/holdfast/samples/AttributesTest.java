package dev.holdfast.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.RecoveryHandler;
import dev.holdfast.SharedSession;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of attributes in the documentation have every attribute, with its true default. */
final class AttributesTest {

    private static final Path PAGES = Path.of("").toAbsolutePath().resolveSibling("docs");

    @ParameterizedTest
    @ValueSource(classes = {Recover.class, CircuitBreaker.class, SharedSession.class})
    void the_table_tells_every_default(Class<? extends Annotation> annotation) throws IOException {
        assertThat(told(annotation)).isEqualTo(declared(annotation));
    }

    @Test
    void a_default_is_told_as_it_would_be_written() throws IOException {
        assertThat(declared(Recover.class))
                .containsEntry("on", "Exception.class")
                .containsEntry("except", "none")
                .containsEntry("attempts", "1")
                .containsEntry("delay", "\"100ms\"")
                .containsEntry("backoff", "EXPONENTIAL")
                .containsEntry("multiplier", "2")
                .containsEntry("jitter", "0.5")
                .containsEntry("within", "none")
                .containsEntry("handler", "none");
    }

    /** Of the rows under {@code | attribute of `@Recover` | default | meaning |} the first two columns. */
    private static Map<String, String> told(Class<?> annotation) throws IOException {
        String head = "| attribute of `@" + annotation.getSimpleName() + "` | default |";
        Map<String, String> told = new TreeMap<>();
        String page = annotation == SharedSession.class ? "shared-session.md" : "recover.md";
        Files.readAllLines(PAGES.resolve(page)).stream()
                .dropWhile(line -> !line.startsWith(head))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .forEach(row -> {
                    String[] cells = row.split("\\|", -1);
                    told.put(plain(cells[1]), plain(cells[2]));
                });
        return told;
    }

    private static String plain(String cell) {
        return cell.strip().replace("`", "");
    }

    private static Map<String, String> declared(Class<?> annotation) {
        Map<String, String> declared = new TreeMap<>();
        for (Method attribute : annotation.getDeclaredMethods()) {
            declared.put(attribute.getName(), written(attribute.getDefaultValue()));
        }
        return declared;
    }

    private static String written(Object value) {
        if (value == null) {
            return "required";
        }
        if (value.equals("") || value == RecoveryHandler.class) {
            return "none";
        }
        if (value.getClass().isArray()) {
            return Array.getLength(value) == 0 ? "none" : written(Array.get(value, 0));
        }
        if (value instanceof String) {
            return "\"" + value + "\"";
        }
        if (value instanceof Class<?> type) {
            return type.getSimpleName() + ".class";
        }
        return value.toString().replaceFirst("\\.0$", "");
    }
}
