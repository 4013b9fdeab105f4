package dev.holdfast.it;

import dev.holdfast.it.programs.recover.Breakers;
import dev.holdfast.it.programs.recover.Concurrency;
import dev.holdfast.it.programs.recover.Fallbacks;
import dev.holdfast.it.programs.recover.Handlers;
import dev.holdfast.it.programs.recover.LastGood;
import dev.holdfast.it.programs.recover.NeverRecovered;
import dev.holdfast.it.programs.recover.Placement;
import dev.holdfast.it.programs.recover.Retries;
import dev.holdfast.it.programs.recover.Stages;
import dev.holdfast.it.programs.recover.Timeouts;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** What {@code @Recover} promises, under the agent and in real time. */
@Tag("alone")
class RecoverIT {

    private static final Class<?>[] ALL = {
        Retries.class,
        NeverRecovered.class,
        Timeouts.class,
        Concurrency.class,
        Breakers.class,
        LastGood.class,
        Fallbacks.class,
        Handlers.class,
        Placement.class,
        Stages.class
    };

    @TestFactory
    Stream<DynamicNode> recovers() {
        return Cases.everywhere(ALL);
    }

    @TestFactory
    Stream<DynamicNode> runs_without_the_agent_as_if_the_annotations_were_not_there() {
        return Stream.of(Cases.bare(ALL));
    }
}
