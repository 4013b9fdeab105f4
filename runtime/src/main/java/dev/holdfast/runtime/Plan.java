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

    /** For the plan that takes this one's place. */
    final Memory memory;

    /** Whose configuration it follows. */
    final Reader reader;

    private final Reader.Reading reading;

    /**
     * With these policies, outermost first.
     *
     * @param memory what they have kept
     * @param reading what they do
     */
    Plan(List<Policy> policies, Memory memory, Reader.Reading reading, Reader reader) {
        this(policies.toArray(new Policy[0]), memory, reading, reader);
    }

    private Plan(Policy[] policies, Memory memory, Reader.Reading reading, Reader reader) {
        Policy.Gate gate = null;
        int guards = 0;
        for (Policy policy : policies) {
            if (policy.guardsEntry()) {
                guards++;
                gate = policy instanceof Policy.Gate one ? one : null;
            }
        }
        this.policies = policies;
        this.guardsEntry = guards > 0;
        // Two gates would need two tickets.
        this.gate = guards == 1 ? gate : null;
        this.memory = memory;
        this.reading = reading;
        this.reader = reader;
    }

    /** The body runs as it is. */
    static Plan open(Reader reader) {
        return new Plan(List.of(), new Memory(), new Reader.Reading(Map.of(), List.of()), reader);
    }

    /** Whether it is what a reading asks for. */
    boolean does(Reader.Reading reading) {
        return reading.faults().isEmpty() && this.reading.equals(reading);
    }

    /** The same policies as those of another configuration. */
    Plan under(Reader reader) {
        return new Plan(policies, memory, reading, reader);
    }
}
