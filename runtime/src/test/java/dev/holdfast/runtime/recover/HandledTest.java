package dev.holdfast.runtime.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HandledTest {

    private final Handled io =
            new Handled(List.of(TimeoutException.class, IOException.class), List.of(FileNotFoundException.class));
    private final Handled everything = new Handled(List.of(Throwable.class), List.of());

    @Test
    void recovers_from_what_any_of_on_names_and_what_extends_it() {
        assertThat(io.recovers(new TimeoutException())).isTrue();
        assertThat(io.recovers(new IOException())).isTrue();
        assertThat(io.recovers(new EOFException())).isTrue();
        assertThat(io.recovers(new IllegalStateException())).isFalse();
    }

    @Test
    void except_beats_on() {
        assertThat(io.recovers(new FileNotFoundException())).isFalse();
        assertThat(io.counts(new FileNotFoundException())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, NoClassDefFoundError.class, ThreadDeath.class})
    void severe_errors_are_counted_and_never_recovered_from(Class<? extends Throwable> type)
            throws ReflectiveOperationException {
        Throwable severe = type.getConstructor().newInstance();

        assertThat(everything.recovers(severe)).isFalse();
        assertThat(everything.counts(severe)).isTrue();
        assertThat(io.counts(severe)).isTrue();
    }

    @Test
    void an_interrupt_is_not_recovered_from() {
        assertThat(everything.recovers(new InterruptedException())).isFalse();
        assertThat(everything.counts(new InterruptedException())).isTrue();
    }

    @Test
    void equals_by_what_it_names_so_that_settings_that_are_read_again_compare() {
        assertThat(new Handled(List.of(IOException.class), List.of(FileNotFoundException.class)))
                .isEqualTo(new Handled(List.of(IOException.class), List.of(FileNotFoundException.class)))
                .hasSameHashCodeAs(new Handled(List.of(IOException.class), List.of(FileNotFoundException.class)))
                .isNotEqualTo(new Handled(List.of(IOException.class), List.of()))
                .isNotEqualTo(new Handled(List.of(Exception.class), List.of(FileNotFoundException.class)));
    }
}
