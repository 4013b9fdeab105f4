package dev.holdfast.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

/** Methods of tests as if they were woven. */
public final class Guarded {

    private Guarded() {}

    /** The one method of that name, linked. */
    public static GuardedMethod method(MethodHandles.Lookup lookup, String name) {
        return method(lookup, name, List.of());
    }

    /** The same, with what the weaver has read of debug information. */
    public static GuardedMethod method(MethodHandles.Lookup lookup, String name, List<String> parameterNames) {
        Method method = Arrays.stream(lookup.lookupClass().getDeclaredMethods())
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return GuardedMethod.find(lookup.lookupClass(), name, descriptor(method))
                .with(lookup)
                .withParameterNames(parameterNames);
    }

    private static String descriptor(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .descriptorString();
    }
}
