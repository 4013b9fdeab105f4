package dev.holdfast.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LoaderStatesTest {

    private final LoaderStates states = new LoaderStates();

    @Test
    void remembers_each_loader_by_itself() {
        ClassLoader one = Classes.loader();
        ClassLoader other = Classes.loader();

        assertThat(states.known(one)).isNull();
        LoaderState state = states.of(one);
        assertThat(states.of(one)).isSameAs(state);
        assertThat(states.known(one)).isSameAs(state);
        assertThat(states.of(other)).isNotSameAs(state);
    }

    @Test
    void does_not_ask_a_loader_who_it_is() {
        ClassLoader one = new AllAreOne();
        ClassLoader other = new AllAreOne();

        assertThat(states.of(one)).isNotSameAs(states.of(other));
    }

    @Test
    void lets_go_of_loaders_that_are_gone() {
        int rounds = 0;
        do {
            states.of(Classes.loader());
            System.gc();
            rounds++;
        } while (states.size() == rounds && rounds < 1_000);

        assertThat(states.size()).isLessThan(rounds);
    }

    /** A loader with an opinion on equality. */
    private static final class AllAreOne extends ClassLoader {

        @Override
        public boolean equals(Object other) {
            throw new AssertionError("asked");
        }

        @Override
        public int hashCode() {
            throw new AssertionError("asked");
        }
    }
}
