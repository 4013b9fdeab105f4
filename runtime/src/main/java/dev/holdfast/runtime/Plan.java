package dev.holdfast.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to the calls of one method: its policies, and by which way its calls may go in. Immutable. */
final class Plan {

    /** The body runs as it is. */
    static final Plan OPEN = new Plan(List.of());

    /** Outermost first; not to be changed. */
    final Policy[] policies;

    /** Whether a call must go through the policies from its start. */
    final boolean guardsEntry;

    /** What can admit a call in place of all policies; null if nothing can. */
    final Policy.@Nullable Gate gate;

    /** With these policies, outermost first. */
    Plan(List<Policy> policies) {
        this.policies = policies.toArray(new Policy[0]);
        List<Policy> guards = policies.stream().filter(Policy::guardsEntry).toList();
        this.guardsEntry = !guards.isEmpty();
        // Two gates would need two tickets.
        this.gate = guards.size() == 1 && guards.get(0) instanceof Policy.Gate only ? only : null;
    }
}
