package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.VirtualTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** By which way the calls of a method may go in. */
final class PlanTest {

    private static final Policy WATCHES_FAILURES = new Fake(false);
    private static final Policy GUARDS_ENTRY = new Fake(true);

    private final Definitions definitions = new Definitions(
            Settings.read(Map.of(), Map.of()),
            () -> new Layers(VirtualTime.turningItself(), () -> Settings.read(Map.of(), Map.of())));

    private static class Fake implements Policy {

        private final boolean guardsEntry;

        Fake(boolean guardsEntry) {
            this.guardsEntry = guardsEntry;
        }

        @Override
        public @Nullable Throwable apply(Call call) {
            return call.proceed();
        }

        @Override
        public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
            rest.proceed(then);
        }

        @Override
        public boolean guardsEntry() {
            return guardsEntry;
        }
    }

    private static final class FakeGate extends Fake implements Policy.Gate {

        FakeGate() {
            super(true);
        }

        @Override
        public long enter() {
            return 1;
        }

        @Override
        public void exit(long ticket) {}

        @Override
        public void abandon(long ticket) {}

        @Override
        public boolean takesTicketsOf(Policy.Gate earlier) {
            return true;
        }

        @Override
        public boolean guardsEntry() {
            return true;
        }
    }

    private Plan plan(boolean isStaged, Policy... policies) {
        return new Plan(List.of(policies), isStaged, new Memory(), reading(List.of()), definitions);
    }

    private static Definitions.Reading reading(List<String> faults) {
        return new Definitions.Reading(Map.of(), faults);
    }

    @Test
    void calls_go_straight_into_the_body_where_policies_look_at_failures_alone() {
        Plan plan = plan(false, WATCHES_FAILURES, WATCHES_FAILURES);
        assertThat(plan.guardsEntry).isFalse();
        assertThat(plan.gate).isNull();
        assertThat(plan.policies).containsExactly(WATCHES_FAILURES, WATCHES_FAILURES);
    }

    @Test
    void calls_go_through_a_gate_that_is_alone_in_guarding_the_entry() {
        FakeGate gate = new FakeGate();
        Plan plan = plan(false, WATCHES_FAILURES, gate, WATCHES_FAILURES);
        assertThat(plan.gate).isSameAs(gate);
        assertThat(plan.guardsEntry).isTrue();
    }

    @Test
    void calls_go_through_all_policies_where_a_gate_is_not_alone() {
        assertThat(plan(false, GUARDS_ENTRY).gate).isNull();
        for (Plan plan : List.of(
                plan(false, new FakeGate(), new FakeGate()),
                plan(false, GUARDS_ENTRY, new FakeGate()),
                plan(false, new FakeGate(), GUARDS_ENTRY))) {
            assertThat(plan.gate).isNull();
            assertThat(plan.guardsEntry).isTrue();
        }
    }

    @Test
    void calls_that_last_until_a_stage_completes_go_through_all_policies() {
        assertThat(plan(true, WATCHES_FAILURES).guardsEntry).isTrue();
        Plan gated = plan(true, new FakeGate());
        assertThat(gated.gate).isNull();
        assertThat(gated.guardsEntry).isTrue();
        assertThat(gated.isStaged).isTrue();
    }

    @Test
    void without_policies_the_body_runs_as_it_is_also_where_it_gives_a_stage() {
        for (Plan plan : List.of(plan(true), plan(false), Plan.open(definitions))) {
            assertThat(plan.guardsEntry).isFalse();
            assertThat(plan.isStaged).isFalse();
            assertThat(plan.gate).isNull();
        }
    }

    @Test
    void goes_on_with_the_same_policies_and_what_they_keep_where_a_configuration_asks_for_the_same() {
        Plan plan = plan(false, GUARDS_ENTRY);
        assertThat(plan.does(reading(List.of()))).isTrue();
        Definitions others = new Definitions(
                Settings.read(Map.of(), Map.of()),
                () -> new Layers(VirtualTime.turningItself(), () -> Settings.read(Map.of(), Map.of())));
        Plan after = plan.under(others);
        assertThat(after.policies).isSameAs(plan.policies);
        assertThat(after.memory).isSameAs(plan.memory);
        assertThat(after.definitions).isSameAs(others);
    }

    @Test
    void what_is_invalid_is_never_the_same() {
        Definitions.Reading faulty = reading(List.of("fault"));
        assertThat(plan(false).does(faulty)).isFalse();
        assertThat(new Plan(List.of(), false, new Memory(), faulty, definitions).does(faulty))
                .isFalse();
    }
}
