package dev.holdfast.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AttachmentTest {

    @Test
    void counts_the_keys_that_are_set() {
        assertThat(Attachment.set(Attachment.keys(Map.of("java.home", "/"), Map.of("HOME", "/"))))
                .isEqualTo("0 keys set");
        assertThat(Attachment.set(Attachment.keys(Map.of("holdfast.log", "debug"), Map.of())))
                .isEqualTo("1 key set");
        assertThat(Attachment.set(Attachment.keys(Map.of("holdfast.log", "debug"), Map.of("HOLDFAST_LOG", "info"))))
                .isEqualTo("2 keys set");
    }

    /** What the runtime writes has this form; see its Message. */
    @Test
    void tells_without_the_runtime_as_the_runtime_would() {
        assertThat(Attachment.asLogged(3_600_000L * 17 + 60_000 * 4 + 5_678, "Holdfast is there"))
                .isEqualTo("17:04:05.678Z INFO holdfast: Holdfast is there");
    }

    @Test
    void names_early_classes_but_not_hundreds_of_them() {
        assertThat(EarlyClasses.message(List.of("a.B")))
                .startsWith("1 class was loaded before")
                .contains(": a.B. Remedy:");
        assertThat(EarlyClasses.message(List.of("a.B", "c.D")))
                .startsWith("2 classes were loaded before")
                .contains(": a.B, c.D. Remedy:");
        assertThat(EarlyClasses.message(Collections.nCopies(23, "a.B"))).contains(" and 3 more. Remedy:");
    }
}
