package dev.holdfast.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Methods of tests as if they were woven. */
public final class Guarded {

    private Guarded() {}

    /** The one method of that name, linked. */
    public static GuardedMethod method(MethodHandles.Lookup lookup, String name) {
        Method method = Arrays.stream(lookup.lookupClass().getDeclaredMethods())
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return GuardedMethod.find(lookup.lookupClass(), name, descriptor(method))
                .with(lookup);
    }

    static String descriptor(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .descriptorString();
    }
}
