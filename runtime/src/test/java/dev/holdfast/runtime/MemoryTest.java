package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MemoryTest {

    @Test
    void has_what_the_policies_before_have_kept() {
        Memory first = new Memory();
        first.keep(String.class, "taken");
        assertThat(first.recall(String.class)).as("by themselves").isNull();
        assertThat(new Memory(first).recall(String.class)).isEqualTo("taken");
    }

    /** As those of an annotation that was switched off in between. */
    @Test
    void has_what_policies_have_kept_that_were_not_there_for_a_while() {
        Memory first = new Memory();
        first.keep(String.class, "taken");
        first.keep(Integer.class, 1);
        Memory without = new Memory(first);
        without.keep(Integer.class, 2);
        Memory again = new Memory(new Memory(without));
        assertThat(again.recall(String.class)).isEqualTo("taken");
        assertThat(again.recall(Integer.class)).isEqualTo(2);
    }
}
