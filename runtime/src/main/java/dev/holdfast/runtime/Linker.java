package dev.holdfast.runtime;

import dev.holdfast.bridge.HoldfastSite;
import dev.holdfast.runtime.log.Log;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives each woven method its site, and each site its plan: from the definition in the class file and the configuration, and anew when
 * that changes.
 *
 * <p>Thread-safe. What is known of a class is kept with that class and dies with it.
 */
final class Linker implements Function<Object[], HoldfastSite> {

    private final ClassValue<OfClass> classes = new ClassValue<>() {
        @Override
        protected OfClass computeValue(Class<?> type) {
            synchronized (seen) {
                seen.put(type, true);
            }
            return new OfClass();
        }
    };

    /** The classes that something is known of; guarded by itself. */
    private final Map<Class<?>, Boolean> seen = new WeakHashMap<>();

    private final Supplier<Layers> layers;

    private volatile Definitions definitions;

    /**
     * Under that configuration.
     *
     * @param layers asked for when they are first needed
     */
    Linker(Settings settings, Supplier<Layers> layers) {
        this.layers = layers;
        this.definitions = new Definitions(settings, layers);
    }

    /** By signature, what is known of the woven methods of one class. */
    private static final class OfClass {
        final Map<String, Woven> methods = new ConcurrentHashMap<>();
        final Map<String, Site> sites = new ConcurrentHashMap<>();
        final Map<String, Boolean> told = new ConcurrentHashMap<>();

        /** Of definitions that were checked, until the first call. */
        final Map<String, Read> read = new ConcurrentHashMap<>();
    }

    private record Read(Definitions by, String definition, Definitions.Reading reading) {}

    private record Woven(String name, String descriptor, String definition) {

        String signature() {
            return name.concat(descriptor);
        }
    }

    /**
     * The site for {lookup, name, descriptor, definition}: the same for the same method, however often the JVM asks. A debugger may have put
     * a new version of the class in its place, and then a method whose definition is another one begins anew.
     */
    @Override
    public HoldfastSite apply(Object[] method) {
        MethodHandles.Lookup lookup = (MethodHandles.Lookup) method[0];
        Woven woven = new Woven((String) method[1], (String) method[2], (String) method[3]);
        OfClass known = classes.get(lookup.lookupClass());
        known.methods.put(woven.signature(), woven);
        Site made = new Site(lookup, woven.name(), woven.descriptor(), woven.definition(), this);
        // Another agent may have the class retransformed, and then its constants are linked again: state must not be
        // lost.
        Site present = known.sites.putIfAbsent(woven.signature(), made);
        while (present != null && !present.definition().equals(woven.definition())) {
            if (known.sites.replace(woven.signature(), present, made)) {
                present = null;
            } else {
                present = known.sites.get(woven.signature()); // another thread was first
            }
        }
        if (present != null) {
            return present;
        }
        if (hasItsTypes(made)) {
            made.prepare();
        } else {
            made.follow(Plan.open(definitions));
        }
        return made;
    }

    /**
     * Whether the types are there that the method takes and gives. The JVM can run a method without them, but nobody can take a call apart and
     * make it again; so its calls go straight to the body, from the first one on.
     */
    private static boolean hasItsTypes(Site site) {
        Class<?> owner = site.lookup().lookupClass();
        try {
            MethodType.fromMethodDescriptorString(site.descriptor(), owner.getClassLoader());
            return true;
        } catch (TypeNotPresentException | LinkageError missing) {
            Log.error(
                    owner.getClassLoader(),
                    owner.getName() + "." + site.name() + " runs unprotected, as a type in its signature is missing: "
                            + Log.text(missing) + "; put its library on the class path",
                    null);
            return false;
        }
    }

    /** By which calls go. */
    Time time() {
        return layers.get().time();
    }

    /** Whether a plan was made under the configuration that is in force. */
    boolean isCurrent(Plan plan) {
        return plan.definitions == definitions;
    }

    /**
     * What is to happen to the calls of a method. Whatever is wrong is logged, and the plan says what follows from it.
     *
     * @param before what happened to them until now; null for a method that is called for the first time
     */
    Plan plan(Site site, @Nullable Plan before) {
        Definitions definitions = this.definitions;
        Class<?> owner = site.lookup().lookupClass();
        try {
            GuardedMethod method =
                    GuardedMethod.find(owner, site.name(), site.descriptor()).with(site.lookup());
            Definitions.Reading reading = reading(definitions, method, site);
            if (before != null && before.does(reading)) {
                return before.under(definitions);
            }
            Memory memory = before == null ? new Memory() : new Memory(before.memory);
            if (reading.faults().isEmpty()) {
                if (method.isStaged()) {
                    layers.get().time().prepare();
                }
                List<Policy> policies = layers.get().policies(reading.settings(), method, memory);
                return new Plan(
                        policies,
                        method.isStaged() && !policies.stream().allMatch(Policy::watchesStages),
                        memory,
                        reading,
                        definitions);
            }
            tell(method, site.descriptor(), reading.faults());
            return new Plan(
                    definitions.refusesInvalid() ? List.of(new Refusal(method, reading.faults())) : List.of(),
                    false,
                    memory,
                    reading,
                    definitions);
        } catch (VirtualMachineError passes) {
            throw passes; // the next call tries again
        } catch (ReflectiveOperationException | RuntimeException | Error broken) {
            String place = owner.getName() + "." + site.name();
            if (before != null) {
                Log.error(
                        owner.getClassLoader(),
                        place + " cannot be linked anew, and stays as it was: " + broken,
                        broken);
                return before.under(definitions);
            }
            Log.error(owner.getClassLoader(), place + " cannot be linked, and runs unprotected: " + broken, broken);
            return Plan.open(definitions);
        }
    }

    /** As it was checked, if nothing has changed since. */
    private Definitions.Reading reading(Definitions definitions, GuardedMethod method, Site site) {
        Read read = classes.get(method.owner()).read.remove(site.signature());
        return read != null && read.by() == definitions && read.definition().equals(site.definition())
                ? read.reading()
                : definitions.read(method, site.definition());
    }

    /** Logs an error if a definition is invalid, once per method; one that is not may be called soon, and what that takes is made ready. */
    void check(Class<?> owner, String name, String descriptor, String definition) {
        try {
            Woven woven = new Woven(name, descriptor, definition);
            OfClass known = classes.get(owner);
            known.methods.putIfAbsent(woven.signature(), woven);
            Site called = known.sites.get(woven.signature());
            if (called != null && called.isPlanned()) {
                return; // by the same definition, and what is wrong with it has been told
            }
            GuardedMethod method = GuardedMethod.find(owner, name, descriptor);
            Definitions definitions = this.definitions;
            Definitions.Reading reading = definitions.read(method, definition);
            if (called == null) {
                known.read.put(woven.signature(), new Read(definitions, definition, reading));
            }
            tell(method, descriptor, reading.faults());
            if (reading.faults().isEmpty()) {
                layers.get().expect(reading.settings());
            }
        } catch (RuntimeException | LinkageError | StackOverflowError broken) {
            Log.debug(owner.getClassLoader(), owner.getName() + "." + name + " cannot be checked: " + broken, broken);
        }
    }

    /**
     * Puts another configuration in force, for the methods that run as well. To be called by one thread.
     *
     * @throws IllegalArgumentException if it would make a definition invalid that is valid; the message names all that is wrong then, and
     *     nothing has changed
     */
    void change(Settings settings) {
        Definitions next = new Definitions(settings, layers);
        Set<String> faults = new LinkedHashSet<>();
        for (Class<?> type : classesSeen()) {
            for (Woven woven : classes.get(type).methods.values()) {
                faults.addAll(newFaults(type, woven, next));
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        definitions = next;
        // Those that came meanwhile as well: they have made their plans by what was in force until now.
        for (Class<?> type : classesSeen()) {
            for (Site site : classes.get(type).sites.values()) {
                site.planAnew();
            }
        }
    }

    private List<Class<?>> classesSeen() {
        synchronized (seen) {
            return new ArrayList<>(seen.keySet());
        }
    }

    private List<String> newFaults(Class<?> type, Woven woven, Definitions next) {
        try {
            GuardedMethod method = GuardedMethod.find(type, woven.name(), woven.descriptor());
            List<String> faults = next.read(method, woven.definition()).faults();
            return faults.isEmpty()
                            || !definitions
                                    .read(method, woven.definition())
                                    .faults()
                                    .isEmpty()
                    ? List.of()
                    : faults;
        } catch (RuntimeException | LinkageError | StackOverflowError broken) {
            // Not for the configuration to mend; it is told where the method is linked.
            Log.debug(
                    type.getClassLoader(),
                    type.getName() + "." + woven.name() + " cannot be checked: " + broken,
                    broken);
            return List.of();
        }
    }

    private void tell(GuardedMethod method, String descriptor, List<String> faults) {
        String signature = method.method().getName().concat(descriptor);
        if (!faults.isEmpty() && classes.get(method.owner()).told.putIfAbsent(signature, true) == null) {
            Log.error(method.loader(), String.join("\n", faults), null);
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
        public void apply(StagedCall.Rest rest, StagedCall.Ending then) {
            then.ended(null, exceptions.make(message));
        }

        @Override
        public boolean guardsEntry() {
            return true;
        }
    }
}
