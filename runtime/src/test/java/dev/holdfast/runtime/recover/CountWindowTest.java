package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CountWindowTest {

    @Test
    void the_newest_call_takes_the_place_of_the_oldest() {
        CountWindow window = new CountWindow(4);
        for (boolean failed : new boolean[] {false, true, false, false, true}) {
            window.record(failed, false, 0);
        }
        assertThat(window.calls()).isEqualTo(4);
        assertThat(window.failures()).isEqualTo(2);
        window.record(false, false, 0);
        assertThat(window.failures()).isEqualTo(1);
    }

    @Test
    void is_settled_while_full_of_calls_that_neither_failed_nor_were_slow() {
        CountWindow window = new CountWindow(2);
        window.record(false, false, 0);
        assertThat(window.settled()).isFalse();
        window.record(false, false, 0);
        assertThat(window.settled()).isTrue();
        window.record(false, true, 0);
        assertThat(window.settled()).isFalse();
        window.record(true, false, 0);
        window.record(false, false, 0);
        assertThat(window.settled()).isFalse();
        window.record(false, false, 0);
        assertThat(window.settled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 100, 128, 1_000})
    void counts_like_a_list_of_the_last_calls(int size) {
        SplittableRandom random = new SplittableRandom(size);
        CountWindow window = new CountWindow(size);
        ArrayDeque<boolean[]> model = new ArrayDeque<>();
        for (int step = 0; step < 10_000; step++) {
            // Mostly good for a while, then mostly bad, so that the window settles now and then.
            int badIn100 = step / 2_000 % 2 == 0 ? 1 : 60;
            boolean failed = random.nextInt(100) < badIn100;
            boolean slow = random.nextInt(100) < badIn100;
            window.record(failed, slow, 0);
            model.add(new boolean[] {failed, slow});
            if (model.size() > size) {
                model.remove();
            }
            assertThat(window.calls()).isEqualTo(model.size());
            assertThat(window.failures())
                    .isEqualTo(model.stream().filter(call -> call[0]).count());
            assertThat(window.slowCalls())
                    .isEqualTo(model.stream().filter(call -> call[1]).count());
            assertThat(window.settled())
                    .isEqualTo(model.size() == size && model.stream().noneMatch(call -> call[0] || call[1]));
        }
    }
}
