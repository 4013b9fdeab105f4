package dev.holdfast.runtime.notify.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubberTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cannot reach jdbc:pg://app:s3cret@db:5432/shop | cannot reach jdbc:pg://***@db:5432/shop",
                "login failed, password=hunter2, retry | login failed, password=***, retry",
                "bad {\"apiKey\": \"abc def\", \"n\": 1} | bad {\"apiKey\": ***, \"n\": 1}",
                "Authorization: Bearer abc.def-ghi | Authorization: *** ***",
                "got Bearer abcdefgh1234 | got Bearer ***",
                "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc was refused | token *** was refused",
                "card 4111 1111 1111 1111 declined | card *** declined",
                "order 4111111111111112 not found | order 4111111111111112 not found",
                "no account for ada.lovelace@example.org | no account for ***",
                "user_session_id=9f8e7d; path=/ | user_session_id=***; path=/",
                "timed out after 100 ms (attempt 3) | timed out after 100 ms (attempt 3)",
                "keyboard: not found | keyboard: not found",
            })
    void takes_out_what_should_not_travel(String text, String scrubbed) {
        assertThat(Scrubber.scrub(text)).isEqualTo(scrubbed);
    }

    @Test
    void cuts_what_is_long_and_never_through_a_character() {
        String scrubbed = Scrubber.scrub("😀".repeat(5_000));
        assertThat(scrubbed).hasSizeLessThanOrEqualTo(Scrubber.MOST).endsWith("😀…");
        assertThat(Scrubber.scrub(null)).isNull();
    }

    @Test
    void takes_no_longer_for_texts_made_to_be_hard() {
        Random random = new Random(7);
        String alphabet = "aA1-_.@:=/ \"'eyJ";
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            int kinds = 1 + random.nextInt(alphabet.length());
            while (text.length() < 4_000) {
                text.append(alphabet.charAt(random.nextInt(kinds)));
            }
            assertThat(Scrubber.scrub(text.toString())).hasSizeLessThanOrEqualTo(Scrubber.MOST);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"password", "userPassword", "API_KEY", "apiKey", "sessionId", "authToken", "card", "cardNumber"})
    void knows_telling_names(String name) {
        assertThat(Scrubber.isTelling(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "quote", "author", "spinner", "discard", "amount", "#0", "keyboard", "passenger"})
    void leaves_other_names(String name) {
        assertThat(Scrubber.isTelling(name)).isFalse();
    }

    @Test
    void a_cookie_is_a_secret() {
        assertThat(Scrubber.isTelling("cookie")).isTrue();
        assertThat(Scrubber.isTelling("sessionCookie")).isTrue();
        assertThat(Scrubber.scrub("Cookie: a=b")).doesNotContain("a=b");
    }
}
