package dev.holdfast.runtime;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens to the calls of one method: its policies, and by which way its calls may go in. Immutable. */
final class Plan {

    /** Outermost first; not to be changed. */
    final Policy[] policies;

    /** Whether a call must go through the policies from its start. */
    final boolean guardsEntry;

    /** What can admit a call in place of all policies; null if nothing can. */
    final Policy.@Nullable Gate gate;

    /** What can admit a call that is on the long way, in place of all policies; null if nothing can. */
    final Policy.@Nullable Door door;

    /** Whether a call lasts until a stage completes. */
    final boolean isStaged;

    /** For the plan that takes this one's place. */
    final Memory memory;

    /** Whose configuration it follows. */
    final Definitions definitions;

    private final Definitions.Reading reading;

    /**
     * With these policies, outermost first.
     *
     * @param isStaged whether a call lasts until a stage completes
     * @param memory what they have kept
     * @param reading what they do
     */
    Plan(List<Policy> policies, boolean isStaged, Memory memory, Definitions.Reading reading, Definitions definitions) {
        this(policies.toArray(new Policy[0]), isStaged, memory, reading, definitions);
    }

    private Plan(
            Policy[] policies, boolean isStaged, Memory memory, Definitions.Reading reading, Definitions definitions) {
        Policy.Gate gate = null;
        Policy.Gate clock = null;
        Policy.Door door = null;
        int guards = 0;
        for (Policy policy : policies) {
            if (policy instanceof Policy.Clock one) {
                clock = one;
            }
            if (policy.guardsEntry()) {
                guards++;
                gate = policy instanceof Policy.Gate one ? one : null;
                door = policy instanceof Policy.Door one ? one : null;
            }
        }
        this.policies = policies;
        this.isStaged = isStaged && policies.length > 0;
        // What comes of a stage is not known when the body returns.
        this.guardsEntry = guards > 0 || this.isStaged;
        // Two gates would need two tickets.
        this.gate = isStaged ? null : guards == 0 ? clock : guards == 1 ? gate : null;
        // A clock must hear of the beginning.
        this.door = isStaged || guards != 1 || clock != null ? null : door;
        this.memory = memory;
        this.reading = reading;
        this.definitions = definitions;
    }

    /** The body runs as it is. */
    static Plan open(Definitions definitions) {
        return new Plan(List.of(), false, new Memory(), new Definitions.Reading(Map.of(), List.of()), definitions);
    }

    /** Tells those who want to know that a call has ended with an error of the JVM, if there is stack left for that. */
    void tell(Throwable severe, long ticket) {
        for (Policy policy : policies) {
            if (policy instanceof Policy.Clock clock) {
                try {
                    StackReserve.require();
                    clock.severe(severe, gate instanceof Policy.Clock ? ticket : 0);
                } catch (Throwable neitherStackNorMemory) {
                    return; // the error itself is what goes to the caller
                }
            }
        }
    }

    /** Whether it is what a reading asks for. */
    boolean does(Definitions.Reading reading) {
        return reading.faults().isEmpty() && this.reading.equals(reading);
    }

    /** The same policies as those of another configuration. */
    Plan under(Definitions definitions) {
        return new Plan(policies, isStaged, memory, reading, definitions);
    }
}
