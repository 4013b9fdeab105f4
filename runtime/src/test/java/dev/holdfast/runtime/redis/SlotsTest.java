package dev.holdfast.runtime.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SlotsTest {

    /** As {@code CLUSTER KEYSLOT} has them. */
    @ParameterizedTest
    @CsvSource({
        "123456789, 12739",
        "foo, 12182",
        "{foo}:bar, 12182",
        "x{foo}y{bar}, 12182",
        "'', 0",
    })
    void are_those_of_redis(String key, int slot) {
        assertThat(Slots.of(key.getBytes(UTF_8))).isEqualTo(slot);
    }
}
