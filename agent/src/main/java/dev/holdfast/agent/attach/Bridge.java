package dev.holdfast.agent.attach;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Set;

/**
 * Puts the bridge where every class loader finds it, and finds the same: into {@code java.lang}. The class path of the boot loader
 * is left as it is: to append to it would cost the program its class-data sharing, and loaders that delegate {@code java.*}
 * alone would not look there.
 */
final class Bridge {

    /** The bridge, as it is called in the agent's jar. */
    static final String NAME = "java.lang.HoldfastSite";

    private Bridge() {}

    /** Defines the bridge, and gives it. After that, and not before, classes may be used that refer to it. */
    static Class<?> install(Instrumentation instrumentation) throws IOException, IllegalAccessException {
        // Opened to the isolated loader's module and to no other, so this is no hole for the program.
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of(),
                Map.of("java.lang", Set.of(Bridge.class.getModule())),
                Set.of(),
                Map.of());
        String resource = NAME.replace('.', '/') + ".class";
        try (InputStream classFile = Bridge.class.getClassLoader().getResourceAsStream(resource)) {
            if (classFile == null) {
                throw new IOException(resource + " is missing in the agent's jar");
            }
            return MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup())
                    .defineClass(classFile.readAllBytes());
        }
    }
}
