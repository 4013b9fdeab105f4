package dev.holdfast.definition.recover;

import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.TypeArguments;
import dev.holdfast.definition.TypeModel;
import dev.holdfast.definition.TypeUse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the methods that a {@code fallback} names: of the same class, its superclasses, and then the interfaces of these; with the
 * same parameters, type variables resolved, and optionally one more, the failure. Of two that differ in nothing the nearer one counts.
 */
final class FallbackSearch {

    private final MethodModel method;
    private final String name;
    private final TypeArguments types;
    private final List<String> faults = new ArrayList<>();
    private final List<MethodModel> found;

    FallbackSearch(MethodModel method, String name) {
        this.method = method;
        this.name = name;
        this.types = new TypeArguments(method.owner());
        this.found = search();
    }

    /** What is wrong, without the place and the attribute's name; empty if there is a fallback that fits. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Most specific failure type first, the one that takes none last. */
    List<MethodModel> found() {
        return found;
    }

    private List<MethodModel> search() {
        List<MethodModel> named = named();
        Map<String, MethodModel> fitting = new LinkedHashMap<>();
        for (MethodModel candidate : named) {
            if (hasParameters(candidate)) {
                fitting.putIfAbsent(variant(candidate), candidate);
            }
        }
        if (fitting.isEmpty()) {
            faults.add(notFound(named));
            return List.of();
        }
        for (MethodModel candidate : fitting.values()) {
            checkShape(candidate);
        }
        return mostSpecificFirst(fitting.values());
    }

    private List<MethodModel> named() {
        List<MethodModel> named = new ArrayList<>();
        Map<String, TypeModel> interfaces = new LinkedHashMap<>();
        TypeModel type = method.owner();
        while (type != null) {
            addNamed(type, named);
            addInterfaces(type, interfaces);
            TypeUse above = type.superclass();
            type = above == null ? null : type.get(above.name());
        }
        for (TypeModel parent : interfaces.values()) {
            addNamed(parent, named);
        }
        return named;
    }

    /** In an order that does not depend on where the class is known from. */
    private void addNamed(TypeModel type, List<MethodModel> named) {
        Map<String, MethodModel> inOrder = new TreeMap<>();
        for (MethodModel candidate : type.methods(name)) {
            if (!candidate.isSynthetic() && !candidate.isSame(method)) {
                inOrder.put(candidate.key().parameters().toString(), candidate);
            }
        }
        named.addAll(inOrder.values());
    }

    private static void addInterfaces(TypeModel type, Map<String, TypeModel> interfaces) {
        for (TypeUse parent : type.interfaces()) {
            if (!interfaces.containsKey(parent.name())) {
                TypeModel model = type.get(parent.name());
                interfaces.put(parent.name(), model);
                addInterfaces(model, interfaces);
            }
        }
    }

    private boolean hasParameters(MethodModel candidate) {
        List<TypeUse> wanted = method.parameters();
        int count = candidate.parameters().size();
        if (count != wanted.size() && count != wanted.size() + 1) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            TypeUse given = candidate.parameters().get(i);
            if (!given.erasure().equals(wanted.get(i).erasure())
                    && !types.erasureOf(given).equals(types.erasureOf(wanted.get(i)))) {
                return false;
            }
        }
        TypeUse failure = failureOf(candidate);
        return failure == null
                || (failure.isClass() && candidate.owner().get(failure.name()).is("java.lang.Throwable"));
    }

    /** The failure that a fallback asks for; null if for none. */
    private @Nullable TypeUse failureOf(MethodModel fallback) {
        int count = method.parameters().size();
        return fallback.parameters().size() == count
                ? null
                : fallback.parameters().get(count).erasure();
    }

    private String variant(MethodModel candidate) {
        TypeUse failure = failureOf(candidate);
        return failure == null ? "" : failure.name();
    }

    private void checkShape(MethodModel candidate) {
        if (method.isStatic() && !candidate.isStatic()) {
            faults.add("\"" + name + "\" must be static, as the method is; found: " + shown(candidate));
        }
        if (!returnFits(candidate)) {
            faults.add("\"" + name + "\" does not fit; expected: " + shown(method.result(), candidate) + "; found: "
                    + shown(candidate));
        }
    }

    private boolean returnFits(MethodModel candidate) {
        TypeUse wanted = method.result();
        return wanted.erasure().admits(candidate.result().erasure(), candidate.owner())
                || (!wanted.isPrimitive()
                        && types.erasureOf(wanted).admits(types.erasureOf(candidate.result()), method.owner()));
    }

    /** Sorted by insertion before the first that it is a subclass of: unrelated types may stand in any order. */
    private List<MethodModel> mostSpecificFirst(Collection<MethodModel> fitting) {
        List<MethodModel> sorted = new ArrayList<>();
        for (MethodModel candidate : fitting) {
            int at = 0;
            while (at < sorted.size() && !comesBefore(candidate, sorted.get(at))) {
                at++;
            }
            sorted.add(at, candidate);
        }
        return List.copyOf(sorted);
    }

    private boolean comesBefore(MethodModel one, MethodModel other) {
        TypeUse failure = failureOf(one);
        TypeUse otherFailure = failureOf(other);
        return failure != null
                && (otherFailure == null || one.owner().get(failure.name()).is(otherFailure.name()));
    }

    private String notFound(List<MethodModel> named) {
        StringJoiner parameters = new StringJoiner(", ");
        for (TypeUse parameter : method.parameters()) {
            parameters.add(parameter.simpleName());
        }
        String plain = parameters.toString();
        String begin = method.result().simpleName() + " " + name + "(";
        StringBuilder fault = new StringBuilder("\"" + name + "\" not found; expected: ")
                .append(begin)
                .append(plain)
                .append(") or ")
                .append(begin)
                .append(plain)
                .append(plain.isEmpty() ? "" : ", ")
                .append("Throwable) in ")
                .append(method.owner().name());
        if (!named.isEmpty()) {
            StringJoiner shown = new StringJoiner(", ");
            for (MethodModel candidate : named) {
                shown.add(shown(candidate));
            }
            fault.append("; found: ").append(shown);
        }
        return fault.toString();
    }

    /** As in {@code Quote cached(String)}, with its class where that is another. */
    private String shown(MethodModel candidate) {
        return shown(candidate.result(), candidate);
    }

    private String shown(TypeUse result, MethodModel candidate) {
        String where = candidate.owner().name().equals(method.owner().name())
                ? ""
                : " in " + candidate.owner().name();
        return result.simpleName() + " " + candidate.key() + where;
    }
}
