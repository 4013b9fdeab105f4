package dev.holdfast.runtime;

import dev.holdfast.bridge.HoldfastSite;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.settings.Keys;
import dev.holdfast.runtime.settings.Setting;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.settings.WhenInvalid;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives each woven method its site, and each site its plan: from the definition in the class file and the configuration.
 *
 * <p>Thread-safe. What is known of a class is kept with that class and dies with it.
 */
final class Linker implements Function<Object[], HoldfastSite> {

    private final Settings settings;

    private final ClassValue<OfClass> classes = new ClassValue<>() {
        @Override
        protected OfClass computeValue(Class<?> type) {
            return new OfClass();
        }
    };

    Linker(Settings settings) {
        this.settings = settings;
    }

    /** By signature, the sites of one class and the faults that were told. */
    private static final class OfClass {
        final Map<String, Site> sites = new ConcurrentHashMap<>();
        final Map<String, Boolean> told = new ConcurrentHashMap<>();
    }

    /** The site for {lookup, name, descriptor, definition}: the same for the same method, however often the JVM asks. */
    @Override
    public HoldfastSite apply(Object[] method) {
        MethodHandles.Lookup lookup = (MethodHandles.Lookup) method[0];
        String name = (String) method[1];
        String descriptor = (String) method[2];
        Site made = new Site(lookup, name, descriptor, (String) method[3], this);
        // Another agent may have the class retransformed, and then its constants are linked again: state must not be
        // lost.
        Site present = classes.get(lookup.lookupClass()).sites.putIfAbsent(name.concat(descriptor), made);
        return present == null ? made : present;
    }

    /** What is to happen to the calls of a method. Whatever is wrong is logged, and the plan says what follows from it. */
    Plan plan(Site site) {
        Class<?> owner = site.lookup().lookupClass();
        try {
            GuardedMethod method =
                    GuardedMethod.find(owner, site.name(), site.descriptor()).with(site.lookup());
            Reading reading = read(method, site.definition());
            if (reading.faults().isEmpty()) {
                return new Plan(Layers.policies(reading.settings(), method));
            }
            tell(method, site.descriptor(), reading.faults());
            return settings.get(Keys.INVALID) == WhenInvalid.FAIL
                    ? new Plan(List.of(new Refusal(method, reading.faults())))
                    : Plan.OPEN;
        } catch (VirtualMachineError passes) {
            throw passes; // the next call tries again
        } catch (ReflectiveOperationException | RuntimeException | Error broken) {
            Log.error(
                    owner.getClassLoader(),
                    owner.getName() + "." + site.name() + " cannot be linked, and runs unprotected: " + broken,
                    broken);
            return Plan.OPEN;
        }
    }

    /** Logs an error if a definition is invalid, once per method. */
    void check(Class<?> owner, String name, String descriptor, String definition) {
        try {
            GuardedMethod method = GuardedMethod.find(owner, name, descriptor);
            tell(method, descriptor, read(method, definition).faults());
        } catch (RuntimeException | LinkageError broken) {
            Log.debug(owner.getClassLoader(), owner.getName() + "." + name + " cannot be checked: " + broken, broken);
        }
    }

    private void tell(GuardedMethod method, String descriptor, List<String> faults) {
        String signature = method.method().getName().concat(descriptor);
        if (!faults.isEmpty() && classes.get(method.owner()).told.putIfAbsent(signature, true) == null) {
            Log.error(method.loader(), String.join("\n", faults), null);
        }
    }

    /**
     * What the annotations of one method say.
     *
     * @param settings by room; of no use if there are faults
     * @param faults each a message of its own
     */
    private record Reading(Map<Room<?>, Object> settings, List<String> faults) {}

    private Reading read(GuardedMethod method, String text) {
        Faults faults = new Faults(method.place());
        Definition.Text parsed = Definition.parse(text);
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
        for (Room<?> room : Layers.ROOMS) {
            List<Attributes> own = given.get(room.annotation());
            if (own != null) {
                read.put(room, room.read(own, method));
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

    /** Refuses every call of a method whose definition is invalid. */
    private static final class Refusal implements Policy {

        private final ExceptionType exceptions;
        private final String message;

        Refusal(GuardedMethod method, List<String> faults) {
            this.exceptions = ExceptionType.in(method.loader(), "InvalidPolicyException");
            this.message = String.join("\n", faults);
        }

        @Override
        public Throwable apply(Call call) {
            return exceptions.make(message);
        }

        @Override
        public boolean guardsEntry() {
            return true;
        }
    }
}
