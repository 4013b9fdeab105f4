package dev.holdfast.benchmarks;

import dev.holdfast.benchmarks.libraries.Bare;
import dev.holdfast.benchmarks.libraries.Bucket4j;
import dev.holdfast.benchmarks.libraries.ByHand;
import dev.holdfast.benchmarks.libraries.FailsafeByHand;
import dev.holdfast.benchmarks.libraries.FailsafeExecutors;
import dev.holdfast.benchmarks.libraries.Guards;
import dev.holdfast.benchmarks.libraries.Guava;
import dev.holdfast.benchmarks.libraries.Holdfast;
import dev.holdfast.benchmarks.libraries.Jcabi;
import dev.holdfast.benchmarks.libraries.Resilience4j;
import dev.holdfast.benchmarks.libraries.Sentinel;
import dev.holdfast.benchmarks.libraries.SmallRye;

/** Who takes part, in the order of the table. */
public enum Library {
    /** The call with nothing around it. */
    BARE("bare call"),
    /** The woven method. */
    HOLDFAST("Holdfast, woven"),
    /** Loops and catches, no library. */
    BY_HAND("try/catch by hand"),
    /** Its prebuilt decorators. */
    RESILIENCE4J("Resilience4j"),
    /** The same with the lock-free window. */
    RESILIENCE4J_LOCK_FREE("Resilience4j, lock-free window"),
    /** Its rate limiter that is a semaphore and a timer. */
    RESILIENCE4J_BY_TIMER("Resilience4j, semaphore and timer"),
    /** Its executor. */
    FAILSAFE("Failsafe"),
    /** Its breaker without its executor. */
    FAILSAFE_BY_HAND("Failsafe, breaker by hand"),
    /** Its standalone guard. */
    SMALLRYE("SmallRye Fault Tolerance"),
    /** AspectJ woven. */
    JCABI("jcabi-aspects"),
    /** Entry and exit. */
    SENTINEL("Sentinel"),
    /** Its smooth limiter. */
    GUAVA("Guava"),
    /** Its bucket in memory. */
    BUCKET4J("Bucket4j");

    private final String title;

    Library(String title) {
        this.title = title;
    }

    /** How the table calls it. */
    String title() {
        return title;
    }

    /** Builds its guards; a JVM that opens one library loads no class of the others. */
    Guards open() {
        return switch (this) {
            case BARE -> new Bare();
            case HOLDFAST -> new Holdfast();
            case BY_HAND -> new ByHand();
            case RESILIENCE4J -> Resilience4j.asItComes();
            case RESILIENCE4J_LOCK_FREE -> Resilience4j.withoutLock();
            case RESILIENCE4J_BY_TIMER -> Resilience4j.byTimer();
            case FAILSAFE -> new FailsafeExecutors();
            case FAILSAFE_BY_HAND -> new FailsafeByHand();
            case SMALLRYE -> new SmallRye();
            case JCABI -> new Jcabi();
            case SENTINEL -> new Sentinel();
            case GUAVA -> new Guava();
            case BUCKET4J -> new Bucket4j();
        };
    }
}
