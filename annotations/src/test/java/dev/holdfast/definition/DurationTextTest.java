package dev.holdfast.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "0s, 0",
        "1ns, 1",
        "1us, 1000",
        "1ms, 1000000",
        "1s, 1000000000",
        "1m, 60000000000",
        "1h, 3600000000000",
        "1d, 86400000000000",
        "100ms, 100000000",
        "1m30s, 90000000000",
        "1d1h1m1s1ms1us1ns, 90061001001001",
        "30s1m, 90000000000",
        "1s1s, 2000000000",
        "007s, 7000000000",
        "00000000000000000000001ns, 1",
        "106751d, 9223286400000000000",
        "9223372036854775807ns, 9223372036854775807",
        "9223372036s854775807ns, 9223372036854775807",
    })
    void reads_whole_numbers_with_units(String text, long nanos) {
        assertThat(DurationText.nanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "s",
                "ms100",
                "1s ",
                " 1s",
                "1 s",
                "1m 30s",
                "-1s",
                "+1s",
                "1.5s",
                "1,5s",
                "1e3s",
                "PT1S",
                "1S",
                "1M",
                "1MS",
                "1sec",
                "1min",
                "1w",
                "1y",
                "1s30",
                "1s;",
                "1µs",
                "١s",
                "1\u0000s",
                "1s\n",
                "0",
                "0x1s",
                "1_000s",
                "1mms"
            })
    void refuses_every_other_form_and_says_which_it_wants(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.nanos(text))
                .withMessage("must be " + DurationText.FORM + ", was \"" + text + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808ns",
                "9223372036s854775808ns",
                "9223372037s",
                "106752d",
                "99999999999999999999999999d",
                "106751d106751d",
            })
    void refuses_what_does_not_fit_in_nanoseconds(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.nanos(text))
                .withMessage("must be at most 292 years, was \"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ns",
        "1500, 1us500ns",
        "100000000, 100ms",
        "90000000000, 1m30s",
        "86400000000000, 1d",
        "9223372036854775807, 106751d23h47m16s854ms775us807ns",
    })
    void writes_the_largest_units_first_and_none_that_is_zero(long nanos, String text) {
        assertThat(DurationText.text(nanos)).isEqualTo(text);
    }

    @Test
    void reads_what_it_writes() {
        Random random = new Random(42);
        for (int i = 0; i < 10_000; i++) {
            long nanos = random.nextLong() >>> (1 + random.nextInt(63));
            assertThat(DurationText.nanos(DurationText.text(nanos))).isEqualTo(nanos);
        }
    }

    @Test
    void gives_a_duration_or_a_message_for_any_text() {
        Random random = new Random(42);
        String alphabet = "0123456789nsumhd. -PT\u0000\uD83Dé";
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(DurationText.nanos(text.toString())).isNotNegative();
                read++;
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageContaining("was \"" + text + "\"");
            }
        }
        assertThat(read).isGreaterThan(100);
    }
}
