package dev.holdfast.runtime.notify;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.notify.channel.Letter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigestTest {

    private static final long INTERVAL = 300_000;
    private static final long NOW = 1_800_000_000_000L;

    private final Digest digest = new Digest();
    private int id;

    private @Nullable Letter take(String kind, long atMillis) {
        Map<String, String> values = new TreeMap<>();
        values.put("fingerprint", kind);
        values.put("subject", "com.acme.Quotes#" + kind);
        values.put("failure", "java.io.IOException");
        values.put("message", "no quote");
        values.put("severity", "ERROR");
        values.put("count", "1");
        return digest.take(values, "id-" + ++id, NOW + atMillis, INTERVAL);
    }

    @Test
    void tells_the_first_of_a_kind_at_once() {
        Letter letter = requireNonNull(take("quote", 0));
        assertThat(letter.id()).isEqualTo("id-1");
        assertThat(letter.title()).isEqualTo("ERROR com.acme.Quotes#quote: java.io.IOException");
        assertThat(letter.text()).contains("message: no quote");
        assertThat(digest.waitMillis(NOW, INTERVAL)).isEqualTo(-1);
    }

    @Test
    void tells_those_behind_it_in_one_digest() {
        assertThat(take("quote", 0)).isNotNull();
        for (int i = 1; i <= 1_000; i++) {
            assertThat(take("quote", i)).isNull();
        }
        assertThat(digest.waitMillis(NOW + 1_000, INTERVAL)).isEqualTo(INTERVAL - 999);
        assertThat(digest.waitMillis(NOW + INTERVAL + 1, INTERVAL)).isZero();
        Letter letter = digest.letter();
        assertThat(letter.id()).isEqualTo("digest-id-2");
        assertThat(letter.title()).isEqualTo("1000 more failures");
        assertThat(letter.text()).contains("1000 x ERROR com.acme.Quotes#quote: java.io.IOException");
        digest.sent();
        assertThat(digest.waits()).isFalse();
        assertThat(take("quote", INTERVAL + 2)).isNull();
        assertThat(digest.letter().title()).isEqualTo("1 more failures");
    }

    @Test
    void tells_no_more_than_some_kinds_at_once_in_an_interval() {
        for (int i = 0; i < Digest.MOST_AT_ONCE; i++) {
            assertThat(take("kind" + i, i)).isNotNull();
        }
        assertThat(take("another", 100)).isNull();
        assertThat(take("later", INTERVAL)).isNotNull();
    }

    @Test
    void tells_a_kind_at_once_again_when_it_had_been_gone_for_an_hour() {
        assertThat(take("quote", 0)).isNotNull();
        assertThat(take("quote", Digest.FORGET_MILLIS - 1)).isNull();
        assertThat(take("quote", 2 * Digest.FORGET_MILLIS)).isNotNull();
    }

    @Test
    void knows_over_a_restart_what_was_told() {
        assertThat(take("quote", 0)).isNotNull();
        Digest next = new Digest();
        next.know(digest.known());
        assertThat(next.take(Map.of("fingerprint", "quote"), "id", NOW + 1, INTERVAL))
                .isNull();
        assertThat(next.take(Map.of("fingerprint", "another"), "id", NOW + 1, INTERVAL))
                .isNotNull();
    }

    @Test
    void a_program_that_starts_again_and_again_tells_no_more_kinds_at_once(@TempDir Path folder) {
        Digest before = digest;
        for (int run = 0; run < 4; run++) {
            Digest next = new Digest();
            next.know(new Kinds(folder, "ops").read());
            int told = 0;
            for (int i = 0; i < 7; i++) {
                Map<String, String> event = Map.of("fingerprint", "kind " + run + "-" + i);
                told += next.take(event, "id", NOW + run, INTERVAL) == null ? 0 : 1;
            }
            assertThat(told).isEqualTo(run == 0 ? 7 : run == 1 ? 3 : 0);
            new Kinds(folder, "ops").write(next.known());
            before = next;
        }
        Digest later = new Digest();
        later.know(new Kinds(folder, "ops").read());
        assertThat(later.known()).isEqualTo(before.known());
        assertThat(later.take(Map.of("fingerprint", "another"), "id", NOW + INTERVAL, INTERVAL))
                .isNotNull();
    }

    @Test
    void counts_the_kinds_that_are_too_many_for_a_digest() {
        for (int i = 0; i < Digest.MOST_AT_ONCE + Digest.MOST_GROUPS + 7; i++) {
            take("kind" + i, 0);
        }
        assertThat(digest.letter().title()).isEqualTo(Digest.MOST_GROUPS + 7 + " more failures");
        assertThat(digest.letter().text()).contains("7 x others");
    }

    @Test
    void is_not_held_up_by_a_clock_that_was_put_back() {
        take("quote", 0);
        take("quote", 1);
        assertThat(digest.waitMillis(NOW - 10 * INTERVAL, INTERVAL)).isEqualTo(INTERVAL);
    }

    @Test
    void says_how_many_were_lost() {
        Letter letter = requireNonNull(
                digest.take(Map.of("type", "dev.holdfast.events.dropped.v1", "dropped", "42"), "id", NOW, INTERVAL));
        assertThat(letter.title()).startsWith("42 events were lost");
    }

    /** Where others may write to its folder, it may be one to any file of ours. */
    @Test
    void is_written_through_no_link(@TempDir Path folder) throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "mine");
        Files.createSymbolicLink(folder.resolve("kinds-ops.next"), precious);
        new Kinds(folder, "ops").write(Digest.Known.NOTHING);
        assertThat(precious).hasContent("mine");
        assertThat(folder.resolve("kinds-ops")).isRegularFile();
    }
}
