package dev.holdfast.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {

    @ParameterizedTest
    @CsvSource({
        "log, log, 0",
        "lgo, log, 1",
        "lo, log, 1",
        "logg, log, 1",
        "lug, log, 1",
        "LOG, log, 0",
        "kitten, sitting, 3",
        "'', abc, 3",
        "abc, '', 3",
        "attempts, atempst, 2",
    })
    void counts_the_letters_that_differ(String one, String other, int distance) {
        assertThat(Shown.distance(one, other)).isEqualTo(distance);
        assertThat(Shown.distance(other, one)).isEqualTo(distance);
    }

    @Test
    void finds_the_nearest_name_however_far() {
        assertThat(Shown.nearest("holdfast.wave", List.of("holdfast.log", "holdfast.weave")))
                .isEqualTo("holdfast.weave");
        assertThat(Shown.nearest("x".repeat(100_000), List.of("holdfast.log"))).isEqualTo("holdfast.log");
    }

    @Test
    void shows_a_value_on_one_line_of_bounded_length() {
        assertThat(Shown.quoted("a\nb\tc\u0000")).isEqualTo("\"a\\nb\\tc?\"");
        assertThat(Shown.quoted("x".repeat(1_000))).hasSize(203).endsWith("x…\"");
    }

    @Test
    void makes_the_name_of_a_variable_of_a_key() {
        assertThat(Shown.environmentForm("holdfast.com.acme.Outer$Inner/quote/Recover/breaker/openFor"))
                .isEqualTo("HOLDFAST_COM_ACME_OUTER_INNER_QUOTE_RECOVER_BREAKER_OPENFOR");
    }
}
