package dev.holdfast.runtime;

import dev.holdfast.bridge.HoldfastSite;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.Time;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The wrapper of a method, as it is written out in {@link HoldfastSite}, for tests whose classes no weaver has seen: such a class has the
 * method, which nobody calls, and its body under the name with {@code $holdfast} behind.
 *
 * <p>The first call goes through the policies from its start, for the site is linked by it; later ones go by whatever way is shortest.
 */
public final class Woven {

    private final Site site;
    private final boolean gated;

    private Woven(Site site, boolean gated) {
        this.site = site;
        this.gated = gated;
    }

    /** Methods that were woven into one JVM, with the same configuration: what they share by name, they share. */
    public static final class Jvm {

        private final Linker linker;
        private final Layers layers;

        /** With no configuration, in that time. */
        public Jvm(Time time) {
            this(time, Map.of());
        }

        /** With those system properties. */
        public Jvm(Time time, Map<String, String> properties) {
            this.layers = new Layers(time, () -> Settings.read(properties, Map.of()));
            this.linker = new Linker(Settings.read(properties, Map.of(), layers), () -> layers);
        }

        /** Puts another configuration in force. */
        public void change(Map<String, String> properties) {
            linker.change(Settings.read(properties, Map.of(), layers));
        }

        /** The one method of that name, in the class of the lookup. */
        public Woven method(MethodHandles.Lookup lookup, String name, String definition) {
            String descriptor = Guarded.descriptor(Guarded.method(lookup, name).method());
            Site site = (Site) linker.apply(new Object[] {lookup, name, descriptor, definition});
            if (!site.definition().equals(definition)) {
                throw new AssertionError("a method has one site, and " + name + " has one of " + site.definition());
            }
            return new Woven(
                    site,
                    definition.contains("breaker=")
                            || definition.contains("maxConcurrent=")
                            || definition.contains("@NotifyOnFailure")
                            || isGatedByLimit(definition));
        }
    }

    private static boolean isGatedByLimit(String definition) {
        return definition.contains("@RateLimited(") && !definition.contains("key=");
    }

    /** Calls it with the receiver, null for a static method, and the arguments. */
    public @Nullable Object call(@Nullable Object... everything) throws Throwable {
        return gated ? callGated(everything) : callPlain(everything);
    }

    private @Nullable Object callPlain(@Nullable Object[] everything) throws Throwable {
        if (!site.guardsEntry()) {
            try {
                return site.run(everything);
            } catch (VirtualMachineError severe) {
                throw severe;
            } catch (Throwable failure) {
                return HoldfastSite.answer(failure, 0, site, everything);
            }
        }
        return HoldfastSite.run(site, everything);
    }

    private @Nullable Object callGated(@Nullable Object[] everything) throws Throwable {
        long ticket = site.enter(everything[0]);
        if (ticket >= 0) {
            Object result;
            try {
                result = site.run(everything);
            } catch (VirtualMachineError severe) {
                site.abandon(severe, ticket);
                throw severe;
            } catch (Throwable failure) {
                return HoldfastSite.answer(failure, ticket, site, everything);
            }
            if (ticket != 0) {
                site.exit(ticket);
            }
            return result;
        }
        return HoldfastSite.run(site, everything);
    }
}
