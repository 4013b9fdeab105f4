package dev.holdfast.runtime.recover;

import dev.holdfast.runtime.GuardedMethod;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Finds the methods that a {@code fallback} names: of the same class, its superclasses, and then the interfaces of these; with the
 * same parameters, type variables resolved, and optionally one more, the failure. Of two that differ in nothing the nearer one counts.
 */
final class FallbackSearch {

    private final GuardedMethod guarded;
    private final Method method;
    private final String name;
    private final TypeArguments types;
    private final List<String> faults = new ArrayList<>();
    private final List<Method> found;

    FallbackSearch(GuardedMethod guarded, String name) {
        this.guarded = guarded;
        this.method = guarded.method();
        this.name = name;
        this.types = new TypeArguments(guarded.owner());
        this.found = search();
    }

    /** What is wrong, without the place; empty if there is a fallback that fits. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Most specific failure type first, the one that takes none last. */
    List<Method> found() {
        return found;
    }

    /** Which failures a fallback is for. */
    static Class<?> failureOf(Method fallback, Method method) {
        int count = fallback.getParameterCount();
        return count == method.getParameterCount() ? Throwable.class : fallback.getParameterTypes()[count - 1];
    }

    private List<Method> search() {
        List<Method> named = named();
        Map<String, Method> fitting = new LinkedHashMap<>();
        for (Method candidate : named) {
            if (hasParameters(candidate)) {
                fitting.putIfAbsent(variant(candidate), candidate);
            }
        }
        if (fitting.isEmpty()) {
            faults.add(notFound(named));
            return List.of();
        }
        for (Method candidate : fitting.values()) {
            checkShape(candidate);
        }
        return mostSpecificFirst(fitting.values());
    }

    private List<Method> named() {
        List<Method> named = new ArrayList<>();
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        for (Class<?> type = guarded.owner(); type != null; type = type.getSuperclass()) {
            addNamed(type, named);
            addInterfaces(type, interfaces);
        }
        for (Class<?> type : interfaces) {
            addNamed(type, named);
        }
        return named;
    }

    private void addNamed(Class<?> type, List<Method> named) {
        for (Method candidate : type.getDeclaredMethods()) {
            if (candidate.getName().equals(name) && !candidate.isSynthetic() && !candidate.equals(method)) {
                named.add(candidate);
            }
        }
    }

    private static void addInterfaces(Class<?> type, Set<Class<?>> interfaces) {
        for (Class<?> parent : type.getInterfaces()) {
            if (interfaces.add(parent)) {
                addInterfaces(parent, interfaces);
            }
        }
    }

    private boolean hasParameters(Method candidate) {
        Class<?>[] wanted = method.getParameterTypes();
        int count = candidate.getParameterCount();
        if (count != wanted.length && count != wanted.length + 1) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (candidate.getParameterTypes()[i] != wanted[i]
                    && types.erasureOf(candidate.getGenericParameterTypes()[i])
                            != types.erasureOf(method.getGenericParameterTypes()[i])) {
                return false;
            }
        }
        return count == wanted.length
                || Throwable.class.isAssignableFrom(candidate.getParameterTypes()[count - 1]);
    }

    private String variant(Method candidate) {
        return candidate.getParameterCount() == method.getParameterCount()
                ? ""
                : failureOf(candidate, method).getName();
    }

    private void checkShape(Method candidate) {
        if (Modifier.isStatic(method.getModifiers()) && !Modifier.isStatic(candidate.getModifiers())) {
            faults.add("fallback \"" + name + "\" must be static, as the method is; found: " + shown(candidate));
        }
        if (!returnFits(candidate)) {
            faults.add("fallback \"" + name + "\" does not fit; expected: " + shown(method.getReturnType(), candidate)
                    + "; found: " + shown(candidate));
        }
    }

    private boolean returnFits(Method candidate) {
        Class<?> wanted = method.getReturnType();
        return wanted.isAssignableFrom(candidate.getReturnType())
                || (!wanted.isPrimitive()
                        && types.erasureOf(method.getGenericReturnType())
                                .isAssignableFrom(types.erasureOf(candidate.getGenericReturnType())));
    }

    /** Sorted by insertion before the first that it is a subclass of: unrelated types may stand in any order. */
    private List<Method> mostSpecificFirst(Collection<Method> fitting) {
        List<Method> sorted = new ArrayList<>();
        for (Method candidate : fitting) {
            int at = 0;
            while (at < sorted.size() && !comesBefore(candidate, sorted.get(at))) {
                at++;
            }
            sorted.add(at, candidate);
        }
        return List.copyOf(sorted);
    }

    private boolean comesBefore(Method one, Method other) {
        boolean takesFailure = one.getParameterCount() > method.getParameterCount();
        boolean otherTakesFailure = other.getParameterCount() > method.getParameterCount();
        return takesFailure
                && (!otherTakesFailure || failureOf(other, method).isAssignableFrom(failureOf(one, method)));
    }

    private String notFound(List<Method> named) {
        StringJoiner parameters = new StringJoiner(", ");
        for (Class<?> parameter : method.getParameterTypes()) {
            parameters.add(parameter.getSimpleName());
        }
        String plain = parameters.toString();
        String begin = method.getReturnType().getSimpleName() + " " + name + "(";
        StringBuilder fault = new StringBuilder("fallback \"" + name + "\" not found; expected: ")
                .append(begin)
                .append(plain)
                .append(") or ")
                .append(begin)
                .append(plain)
                .append(plain.isEmpty() ? "" : ", ")
                .append("Throwable) in ")
                .append(guarded.owner().getName());
        if (!named.isEmpty()) {
            StringJoiner shown = new StringJoiner(", ");
            named.forEach(candidate -> shown.add(shown(candidate)));
            fault.append("; found: ").append(shown);
        }
        return fault.toString();
    }

    /** As in {@code Quote cached(String)}, with its class where that is another. */
    private String shown(Method candidate) {
        return shown(candidate.getReturnType(), candidate);
    }

    private String shown(Class<?> result, Method candidate) {
        StringJoiner parameters = new StringJoiner(", ", "(", ")");
        Arrays.stream(candidate.getParameterTypes()).forEach(type -> parameters.add(type.getSimpleName()));
        String where = candidate.getDeclaringClass() == guarded.owner()
                ? ""
                : " in " + candidate.getDeclaringClass().getName();
        return result.getSimpleName() + " " + candidate.getName() + parameters + where;
    }
}
