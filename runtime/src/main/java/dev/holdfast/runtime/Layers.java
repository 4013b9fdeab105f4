package dev.holdfast.runtime;

import dev.holdfast.runtime.recover.RecoverRoom;
import dev.holdfast.runtime.recover.RecoverSettings;
import dev.holdfast.runtime.settings.Rule;
import dev.holdfast.runtime.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which annotations there are, and how their policies lie around a method. The one place outside of the rooms that knows them.
 */
final class Layers {

    private static final RecoverRoom RECOVER = new RecoverRoom(Time.SYSTEM);

    /** In the order in which messages about a method speak of them. */
    static final List<Room<?>> ROOMS = List.of(RECOVER);

    /**
     * Around one call: within its budget, recover from what is left after retrying what passed the breaker and the concurrency limit and
     * came back before the timeout.
     */
    private static final List<Layer<?>> OUTERMOST_FIRST = List.of(
            new Layer<RecoverSettings>(RECOVER, RECOVER::budget),
            new Layer<RecoverSettings>(RECOVER, RECOVER::recovery),
            new Layer<RecoverSettings>(RECOVER, RECOVER::retry),
            new Layer<RecoverSettings>(RECOVER, RECOVER::breaker),
            new Layer<RecoverSettings>(RECOVER, RECOVER::concurrencyLimit),
            new Layer<RecoverSettings>(RECOVER, RECOVER::timeout));

    private Layers() {}

    /** The policies of a method, outermost first. */
    static List<Policy> policies(Map<Room<?>, Object> settings, GuardedMethod method, Memory memory)
            throws ReflectiveOperationException {
        List<Policy> policies = new ArrayList<>();
        for (Layer<?> layer : OUTERMOST_FIRST) {
            Policy policy = layer.policy(settings, method, memory);
            if (policy != null) {
                policies.add(policy);
            }
        }
        return policies;
    }

    /** What can be configured of each annotation, by its simple name. */
    static Map<String, Map<String, Rule<?>>> attributes() {
        Map<String, Map<String, Rule<?>>> attributes = new TreeMap<>();
        for (Room<?> room : ROOMS) {
            attributes.put(room.annotation(), room.attributes());
        }
        return attributes;
    }

    /** Makes the policy of one layer, if the annotation asks for it. */
    private interface Maker<S> {

        @Nullable
        Policy make(S settings, GuardedMethod method, Memory memory) throws ReflectiveOperationException;
    }

    private record Layer<S>(Room<S> room, Maker<S> maker) {

        @SuppressWarnings("unchecked") // what a room has read is put under that room
        @Nullable
        Policy policy(Map<Room<?>, Object> settings, GuardedMethod method, Memory memory)
                throws ReflectiveOperationException {
            Object own = settings.get(room);
            return own == null ? null : maker.make((S) own, method, memory);
        }
    }
}
