package dev.holdfast.runtime.session.codec;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** The application's classes. Thread-safe; what is known of a class lies with that class. */
final class Types {

    private final MethodHandles.Lookup lookup;

    private final ClassValue<RecordShape> shapes = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            try {
                return RecordShape.of(type, lookup);
            } catch (ReflectiveOperationException closed) {
                throw new IllegalArgumentException(
                        "has a record " + type.getName()
                                + ", whose module keeps it from us; expected: a package that is open"
                                + " to the module of " + lookup.lookupClass().getName(),
                        closed);
            }
        }
    };

    Types(MethodHandles.Lookup lookup) {
        this.lookup = lookup;
    }

    /** @throws IllegalArgumentException if its module does not let us */
    RecordShape shape(Class<?> type) {
        return shapes.get(type);
    }

    /** Finds a class as the application's does, or else as the code that runs on this thread does. Initialises nothing. */
    Class<?> find(String name) throws ClassNotFoundException {
        try {
            return Class.forName(name, false, lookup.lookupClass().getClassLoader());
        } catch (ClassNotFoundException elsewhere) {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            if (context == null) {
                throw elsewhere;
            }
            return Class.forName(name, false, context);
        }
    }

    /**
     * A record or an enum.
     *
     * @throws UnreadableException if there is none of that name; nothing of a class that is neither has run then
     */
    Class<?> find(String name, boolean isEnum) throws UnreadableException {
        Class<?> found;
        try {
            found = find(name);
        } catch (ClassNotFoundException | LinkageError missing) {
            throw new UnreadableException("there is no class " + name, missing);
        }
        if (isEnum ? !found.isEnum() : !found.isRecord()) {
            throw new UnreadableException(name + " is no " + (isEnum ? "enum" : "record"), null);
        }
        return found;
    }

    @Nullable
    ClassLoader loader() {
        return lookup.lookupClass().getClassLoader();
    }
}
