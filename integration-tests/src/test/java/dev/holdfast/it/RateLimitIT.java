package dev.holdfast.it;

import dev.holdfast.it.programs.ratelimit.Limits;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** What {@code @RateLimited} promises within one JVM, under the agent and in real time. */
class RateLimitIT {

    @TestFactory
    Stream<DynamicNode> limits() {
        return Cases.everywhere(Limits.class);
    }
}
