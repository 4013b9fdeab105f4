package dev.holdfast.runtime;

import dev.holdfast.definition.Definition;
import dev.holdfast.definition.Faults;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.MethodReading;
import dev.holdfast.definition.Names;
import dev.holdfast.definition.Overrides;
import dev.holdfast.runtime.loader.ByLoader;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Setting;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.settings.WhenInvalid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the definitions of methods come to under one configuration. Thread-safe. */
final class Definitions {

    private static final String AGENT = "dev.holdfast.agent.";

    private final Settings settings;
    private final Supplier<Layers> layers;

    /**
     * Within one class loader a name has one definition. In another it may be another application's, or another release. They are of this
     * configuration, as a definition may come from it.
     */
    private final ByLoader<Names> names = new ByLoader<>(Names::new);

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

    Reading read(GuardedMethod method, String text) {
        MethodReading<Room<?>> reading = read(method.model(), text, names.get(method.loader()));
        return new Reading(reading.settings(), reading.faults().messages());
    }

    /**
     * The same of a class that need not be loaded.
     *
     * @param names of all that the class shares with others
     */
    MethodReading<Room<?>> read(MethodModel unnamed, String text, Names names) {
        Definition.Text parsed = Definition.parse(text);
        MethodModel method = unnamed.named(parsed.parameterNames());
        Faults faults = new Faults(method.place());
        parsed.faults().forEach(faults::add);
        List<Definition> enabled = new ArrayList<>();
        for (Definition definition : parsed.definitions()) {
            if (settings.enables(method.owner().name(), method.name(), definition.annotation())) {
                enabled.add(definition);
            }
        }
        return MethodReading.of(
                method, enabled, faults, layers.get().rooms(), annotation -> new Configured(method, annotation), names);
    }

    /** What the configuration says of one annotation of one method. */
    private final class Configured implements Overrides {

        private final MethodModel method;
        private final String annotation;

        Configured(MethodModel method, String annotation) {
            this.method = method;
            this.annotation = annotation;
        }

        @Override
        public @Nullable Given find(String attribute) {
            if (method.owner().name().startsWith(AGENT)) {
                return null; // by its own class it proves itself, whatever is configured
            }
            Setting setting = settings.find(method.owner().name(), method.name(), annotation, attribute);
            return setting == null ? null : new Given(setting.value(), setting.place());
        }

        @Override
        public Boolean isConfigured(String key) {
            return settings.hasValue(key);
        }
    }
}
