package dev.holdfast.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.runtime.redis.RedisAddress.Kind;
import dev.holdfast.runtime.redis.RedisAddress.Node;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisAddressTest {

    @Test
    void knows_the_three_kinds() {
        assertThat(RedisAddress.of("redis://localhost"))
                .isEqualTo(new RedisAddress(
                        Kind.STANDALONE, false, List.of(new Node("localhost", 6379)), null, null, 0, null));
        assertThat(RedisAddress.of("rediss://me:p%40ss:w@redis.acme.com:7000/3"))
                .isEqualTo(new RedisAddress(
                        Kind.STANDALONE, true, List.of(new Node("redis.acme.com", 7000)), "me", "p@ss:w", 3, null));
        assertThat(RedisAddress.of("redis-cluster://:secret@a:1,b,[::1]:3"))
                .isEqualTo(new RedisAddress(
                        Kind.CLUSTER,
                        false,
                        List.of(new Node("a", 1), new Node("b", 6379), new Node("::1", 3)),
                        null,
                        "secret",
                        0,
                        null));
        assertThat(RedisAddress.of("redis-sentinel://a,b:2/1?master=main"))
                .isEqualTo(new RedisAddress(
                        Kind.SENTINEL, false, List.of(new Node("a", 26379), new Node("b", 2)), null, null, 1, "main"));
    }

    @Test
    void takes_an_at_sign_or_question_mark_in_a_password_as_it_stands() {
        RedisAddress address = RedisAddress.of("redis://u:a@b?c+d@host");
        assertThat(address.password()).isEqualTo("a@b?c+d");
        assertThat(address.nodes()).containsExactly(new Node("host", 6379));
    }

    @ParameterizedTest
    @CsvSource({
        "rediss://user:secret@host/2, rediss://host:6379/2",
        "redis-cluster://:secret@a;b, redis-cluster://a:6379;b:6379",
        "redis-sentinel://:secret@[::1]?master=m, redis-sentinel://[::1]:26379?master=m",
    })
    void shows_itself_without_the_password(String text, String shown) {
        assertThat(RedisAddress.of(text.replace(';', ',')).toString()).isEqualTo(shown.replace(';', ','));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://localhost",
                "redis://",
                "redis://:6379",
                "redis://a,b",
                "redis://a:0",
                "redis://a:65536",
                "redis://a:x",
                "redis://a/x",
                "redis://a/-1",
                "redis://a?x=1",
                "redis-cluster://a/1",
                "redis-cluster://a,,b",
                "redis-sentinel://a",
                "redis-sentinel://a?master=",
                "redis-sentinel://a?master=m&x=y",
                "redis://%zz:p@a",
            })
    void refuses_what_it_cannot_read(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisAddress.of(text))
                .withMessageStartingWith("must be redis://host:port, rediss:// for TLS")
                .withMessageContaining("was \"");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://localhost:6379?password=s3cret, redis://localhost:6379?…",
        "redis://me@localhost?password=s3cret, redis://…@localhost?…",
        "redis://localhost/x?password=a@s3cret:x, redis://…",
        "redis://default:s3cret:localhost:6379, redis://…",
        "redis://:s3cret, redis://…",
        "redis://localhost/s3cret, redis://…",
        "redis://:s3cret@localhost:99999, redis://…@localhost:99999",
        "redis-cluster://a:0;[::1]:3, redis-cluster://a:0;[::1]:3",
        "s3cret:localhost:6379, …",
        "localhost:6379, localhost:6379",
    })
    void shows_of_what_it_refuses_only_what_is_no_password(String text, String shown) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisAddress.of(text.replace(';', ',')))
                .withMessageContaining("was \"" + shown.replace(';', ',') + "\"");
    }

    @Test
    void tells_no_password_however_the_text_is_broken() {
        String[] parts = {
            "redis://", "redis-cluster://", "://", "user", ":", "hunter2", "@", "host", ":99999", "/x", "?", "%zz"
        };
        Random random = new Random(20_261_124);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(parts[random.nextInt(3)]).append(":hunter2");
            for (int part = random.nextInt(6); part > 0; part--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            text.append("@host").append(parts[7 + random.nextInt(5)]);
            String told;
            try {
                told = RedisAddress.of(text.toString()).toString();
            } catch (IllegalArgumentException refused) {
                told = String.valueOf(refused.getMessage());
            }
            assertThat(told).as("%s", text).doesNotContain("hunter2");
        }
    }
}
