package dev.holdfast.runtime.recover;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the type variables of a class's superclasses and interfaces stand for in that class: in {@code class Quotes extends
 * Source<String>} the T of {@code Source<T>} is String. Not thread-safe.
 */
final class TypeArguments {

    private final Map<TypeVariable<?>, Type> arguments = new HashMap<>();

    TypeArguments(Class<?> type) {
        addAbove(type);
    }

    private void addAbove(@Nullable Class<?> type) {
        if (type == null) {
            return;
        }
        add(type.getGenericSuperclass());
        for (Type parent : type.getGenericInterfaces()) {
            add(parent);
        }
        addAbove(type.getSuperclass());
        for (Class<?> parent : type.getInterfaces()) {
            addAbove(parent);
        }
    }

    private void add(@Nullable Type parent) {
        if (parent instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> raw) {
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                arguments.putIfAbsent(variables[i], parameterized.getActualTypeArguments()[i]);
            }
        }
    }

    /** The class that is left of a type when its variables are resolved and its arguments dropped. */
    Class<?> erasureOf(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType parameterized) {
            return erasureOf(parameterized.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            return Array.newInstance(erasureOf(array.getGenericComponentType()), 0)
                    .getClass();
        }
        if (type instanceof WildcardType wildcard) {
            return erasureOf(wildcard.getUpperBounds()[0]);
        }
        TypeVariable<?> variable = (TypeVariable<?>) type;
        Type argument = arguments.get(variable);
        return erasureOf(argument == null ? variable.getBounds()[0] : argument);
    }
}
