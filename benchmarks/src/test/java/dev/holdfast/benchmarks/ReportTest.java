package dev.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class ReportTest {

    @Test
    void measures_every_group_if_none_is_named() {
        assertThat(Report.of("quick").groups()).containsExactly(Group.values());
    }

    @Test
    void measures_the_groups_that_are_named_once_each() {
        assertThat(Report.of("full", "success", "BREAKER", "Success").groups())
                .containsExactly(Group.SUCCESS, Group.BREAKER);
    }

    @Test
    void says_what_it_expects() {
        assertThatIllegalArgumentException().isThrownBy(Report::of).withMessage("say quick or full");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Report.of("fast"))
                .withMessage("\"fast\" is neither quick nor full");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Report.of("quick", "faliure"))
                .withMessageStartingWith("there is no group \"faliure\"; expected: [SUCCESS, BREAKER");
    }
}
