package dev.holdfast.runtime.session.codec;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** How a record is taken apart and put together. Immutable. */
final class RecordShape {

    private final Class<?> type;
    private final String[] names;
    private final Class<?>[] types;

    /** Of type (Object)Object. */
    private final MethodHandle[] accessors;

    /** Of type (Object[])Object. */
    private final MethodHandle constructor;

    private RecordShape(
            Class<?> type, String[] names, Class<?>[] types, MethodHandle[] accessors, MethodHandle constructor) {
        this.type = type;
        this.names = names;
        this.types = types;
        this.accessors = accessors;
        this.constructor = constructor;
    }

    /**
     * Of a class.
     *
     * @param lookup of the application, for records in a module that is not open to us
     * @throws ReflectiveOperationException if the module is not open to that either
     */
    static RecordShape of(Class<?> type, MethodHandles.Lookup lookup) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        String[] names = new String[components.length];
        Class<?>[] types = new Class<?>[components.length];
        MethodHandle[] accessors = new MethodHandle[components.length];
        for (int i = 0; i < components.length; i++) {
            names[i] = components[i].getName();
            types[i] = components[i].getType();
            accessors[i] = accessor(type, components[i].getAccessor(), lookup)
                    .asType(MethodType.methodType(Object.class, Object.class));
        }
        Constructor<?> canonical = type.getDeclaredConstructor(types);
        MethodHandle constructor = canonical.trySetAccessible()
                ? MethodHandles.lookup().unreflectConstructor(canonical)
                : MethodHandles.privateLookupIn(type, lookup).unreflectConstructor(canonical);
        return new RecordShape(
                type,
                names,
                types,
                accessors,
                constructor
                        .asFixedArity()
                        .asType(MethodType.genericMethodType(types.length))
                        .asSpreader(Object[].class, types.length));
    }

    private static MethodHandle accessor(Class<?> type, Method method, MethodHandles.Lookup lookup)
            throws ReflectiveOperationException {
        return method.trySetAccessible()
                ? MethodHandles.lookup().unreflect(method)
                : MethodHandles.privateLookupIn(type, lookup).unreflect(method);
    }

    int size() {
        return names.length;
    }

    String name(int index) {
        return names[index];
    }

    /** Its place; -1 if there is no component of that name. */
    int indexOf(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Nullable
    Object component(Object of, int index) {
        try {
            return (Object) accessors[index].invokeExact(of);
        } catch (Error severe) {
            throw severe;
        } catch (Throwable failed) {
            throw new IllegalArgumentException(
                    "has a " + type.getName() + ", whose accessor " + names[index] + "() fails", failed);
        }
    }

    /** @throws IllegalArgumentException if a component cannot be given back, as it is declared as something else */
    void requireThatItTakes(int index, Class<?> given) {
        if (!types[index].isAssignableFrom(given)) {
            throw new IllegalArgumentException(
                    "has a " + type.getName() + ", whose " + names[index] + " is declared as "
                            + types[index].getName() + ", and would come back as a " + given.getName()
                            + "; expected: a component that is declared as such, or as an interface that it has");
        }
    }

    /** A new one, with what Java puts into a field that nobody has set where a component was not given. */
    Object make(@Nullable Object[] components) throws UnreadableException {
        @Nullable Object[] fitting = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            fitting[i] = fit(components[i], i);
        }
        try {
            return (Object) constructor.invokeExact(fitting);
        } catch (Error severe) {
            throw severe;
        } catch (Throwable refused) {
            throw new UnreadableException("the constructor of " + type.getName() + " fails", refused);
        }
    }

    /** A component may be wider or narrower in another version of the class; its value must be the same. */
    private @Nullable Object fit(@Nullable Object given, int index) throws UnreadableException {
        Class<?> wanted = types[index];
        if (given == null) {
            return wanted.isPrimitive() ? Array.get(Array.newInstance(wanted, 1), 0) : null;
        }
        Class<?> boxed = MethodType.methodType(wanted).wrap().returnType();
        if (boxed.isInstance(given)) {
            return given;
        }
        Object converted = given instanceof Number number ? Numbers.convert(number, boxed) : null;
        if (converted == null) {
            throw new UnreadableException(
                    type.getName() + "." + names[index] + " is a " + wanted.getName() + ", and a "
                            + given.getClass().getName() + " is stored",
                    null);
        }
        return converted;
    }
}
