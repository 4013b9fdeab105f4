package dev.holdfast.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.SessionUnavailableException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RejectionsTest {

    private final Throwable open = new BreakerOpenException("open", null);
    private final Throwable away = new SessionUnavailableException("away", new IllegalStateException());

    private final Rejections rejections = new Rejections();

    private static long at(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void tells_the_first_whole_and_then_a_line_a_second_with_their_number() {
        assertThat(rejections.tell(away, at(0))).isEqualTo(new Rejections.Telling(true, 0));
        assertThat(rejections.tell(away, at(1))).isNull();
        assertThat(rejections.tell(away, at(999))).isNull();
        assertThat(rejections.tell(away, at(1000))).isEqualTo(new Rejections.Telling(false, 2));
        assertThat(rejections.tell(away, at(1500))).isNull();
        assertThat(rejections.tell(away, at(2500))).isEqualTo(new Rejections.Telling(false, 1));
    }

    @Test
    void tells_each_kind_by_itself() {
        assertThat(rejections.tell(away, at(0))).isEqualTo(new Rejections.Telling(true, 0));
        assertThat(rejections.tell(open, at(1))).isEqualTo(new Rejections.Telling(true, 0));
        assertThat(rejections.tell(away, at(2))).isNull();
        assertThat(rejections.tell(open, at(3))).isNull();
    }

    @Test
    void begins_anew_after_a_minute_without_one() {
        rejections.tell(away, at(0));
        for (int second = 1; second <= 120; second++) {
            assertThat(rejections.tell(away, at(1000L * second))).isEqualTo(new Rejections.Telling(false, 0));
        }
        assertThat(rejections.tell(away, at(120_000 + 59_999))).isEqualTo(new Rejections.Telling(false, 0));
        assertThat(rejections.tell(away, at(120_000 + 119_999))).isEqualTo(new Rejections.Telling(true, 0));
    }
}
