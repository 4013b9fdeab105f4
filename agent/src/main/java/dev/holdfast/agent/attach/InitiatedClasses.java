package dev.holdfast.agent.attach;

import java.lang.instrument.Instrumentation;
import java.util.function.Function;

/** The classes that a loader has loaded, by the JVM's own books. */
record InitiatedClasses(Instrumentation instrumentation) implements Function<ClassLoader, Class<?>[]> {

    @Override
    public Class<?>[] apply(ClassLoader loader) {
        return instrumentation.getInitiatedClasses(loader);
    }
}
