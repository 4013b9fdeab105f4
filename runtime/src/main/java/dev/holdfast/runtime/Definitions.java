package dev.holdfast.runtime;

import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Setting;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.settings.WhenInvalid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the definitions of methods come to under one configuration. Thread-safe. */
final class Definitions {

    private final Settings settings;
    private final Supplier<Layers> layers;
    private final Names names = new Names();

    /**
     * Under that configuration.
     *
     * @param layers asked for when the first definition is read
     */
    Definitions(Settings settings, Supplier<Layers> layers) {
        this.settings = settings;
        this.layers = layers;
    }

    /**
     * What the annotations of one method say.
     *
     * @param settings by room; of no use if there are faults
     * @param faults each a message of its own
     */
    record Reading(Map<Room<?>, Object> settings, List<String> faults) {}

    /** Whether the calls of a method are refused if its definition is invalid. */
    boolean refusesInvalid() {
        return settings.get(Keys.INVALID) == WhenInvalid.FAIL;
    }

    Reading read(GuardedMethod unnamed, String text) {
        Definition.Text parsed = Definition.parse(text);
        GuardedMethod method = unnamed.withParameterNames(parsed.parameterNames());
        Faults faults = new Faults(method.place());
        parsed.faults().forEach(faults::add);
        Map<String, List<Attributes>> given = new HashMap<>();
        for (Definition definition : parsed.definitions()) {
            String annotation = definition.annotation();
            if (settings.enables(method.owner().getName(), method.method().getName(), annotation)) {
                given.computeIfAbsent(annotation, none -> new ArrayList<>())
                        .add(new Attributes(definition, new Configured(method, annotation), faults));
            }
        }
        Map<Room<?>, Object> read = new LinkedHashMap<>();
        for (Room<?> room : layers.get().rooms()) {
            List<Attributes> own = given.get(room.annotation());
            if (own != null) {
                read.put(room, room.read(own, method, names));
            }
        }
        return new Reading(read, faults.messages());
    }

    /** What the configuration says of one annotation of one method. */
    private final class Configured implements Overrides {

        private final GuardedMethod method;
        private final String annotation;

        Configured(GuardedMethod method, String annotation) {
            this.method = method;
            this.annotation = annotation;
        }

        @Override
        public @Nullable Given find(String attribute) {
            Setting setting =
                    settings.find(method.owner().getName(), method.method().getName(), annotation, attribute);
            return setting == null ? null : new Given(setting.value(), setting.place());
        }
    }
}
