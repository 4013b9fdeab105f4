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
                "Authorization: Bearer abc.def-ghi | Authorization: ***",
                "got Bearer abcdefgh1234 | got Bearer ***",
                "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc was refused | token *** was refused",
                "card 4111 1111 1111 1111 declined | card *** declined",
                "order 4111111111111112 not found | order 4111111111111112 not found",
                "no account for ada.lovelace@example.org | no account for ***",
                "user_session_id=9f8e7d; path=/ | user_session_id=***; path=/",
                "timed out after 100 ms (attempt 3) | timed out after 100 ms (attempt 3)",
                "keyboard: not found | keyboard: not found",
                "error: password=X1 | error: password=***",
                "login failed:token=X1 | login failed:token=***",
                "user:password=X1; next | user:password=***; next",
                "url=https://h/pay?token=X1&n=2 | url=https://h/pay?token=***&n=2",
                "https://h/pay?api_key=X1&access_token=X2#id_token=X3 | https://h/pay?api_key=***&access_token=***",
                "jdbc:mysql://h/db?password=X1 | jdbc:mysql://h/db?password=***",
                "amqp://app:p@ss@host/v | amqp://***@host/v",
                "https://h/a@b?c=d@e | https://h/a@b?c=d@e",
                "body {\\\"token\\\":\\\"X1\\\",\\\"n\\\":1} | body {\\\"token\\\":***,\\\"n\\\":1}",
                "{\"secret\": {\"x\": [\"X1\"]}, \"n\": 1} | {\"secret\": ***, \"n\": 1}",
                "{\"tokens\": [\"X1\", \"X2\"]} | {\"tokens\": ***}",
                "{\"password\": \"X1\\\"X2\", \"n\": 1} | {\"password\": ***, \"n\": 1}",
                "password=[s, e, k] is wrong | password=*** is wrong",
                "Cookie: HSESSION=X1; other=X2 | Cookie: ***",
                "<user>ada</user><password>X1</password> | <user>ada</user><password>***</password>",
                "map {dbpassword=X1, clientSecret => X2} | map {dbpassword=***, clientSecret => ***}",
                "key AKIAIOSFODNN7EXAMPLE is refused | key *** is refused",
                "POST https://hooks.slack.com/services/T0/B0/X1 | POST https://hooks.slack.com/services/***",
                "ghp_0123456789012345678901234567890123456 is refused | *** is refused",
                "token=, id=7 | token=, id=7",
                "a:b:c=d | a:b:c=d",
            })
    void takes_out_what_should_not_travel(String text, String scrubbed) {
        assertThat(Scrubber.scrub(text)).isEqualTo(scrubbed);
    }

    @Test
    void takes_out_private_keys_whole() {
        assertThat(Scrubber.scrub("bad -----BEGIN RSA PRIVATE KEY-----\nX1/+=\nX2\n-----END RSA PRIVATE KEY----- here"))
                .isEqualTo("bad -----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY----- here");
    }

    @Test
    void takes_out_a_value_that_has_no_end() {
        assertThat(Scrubber.scrub("token: \"X1 X2")).isEqualTo("token: ***");
        assertThat(Scrubber.scrub("token: {\"X1\": X2")).isEqualTo("token: ***");
        assertThat(Scrubber.scrub("token: ")).isEqualTo("token: ");
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
        String alphabet = "aA1-_.@:=/ \"'eyJ\\<>{[key";
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
            strings = {
                "password",
                "userPassword",
                "API_KEY",
                "apiKey",
                "sessionId",
                "authToken",
                "card",
                "cardNumber",
                "tokens",
                "dbpassword"
            })
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
