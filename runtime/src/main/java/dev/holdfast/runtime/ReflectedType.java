package dev.holdfast.runtime;

import dev.holdfast.definition.FieldModel;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.TypeModel;
import dev.holdfast.definition.TypeUse;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.MalformedParametersException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class that is loaded, known by reflection. Initialises nothing. A type in one of its signatures that is not there is a {@link LinkageError},
 * as for the class itself. Immutable.
 */
record ReflectedType(Class<?> type) implements TypeModel {

    @Override
    public String name() {
        return type.getName();
    }

    @Override
    public int modifiers() {
        return type.getModifiers();
    }

    @Override
    public boolean isMember() {
        return type.isMemberClass();
    }

    @Override
    public @Nullable TypeUse superclass() {
        Class<?> above = type.getSuperclass();
        return above == null ? null : use(type.getGenericSuperclass(), above);
    }

    @Override
    public List<TypeUse> interfaces() {
        return uses(type.getGenericInterfaces(), type.getInterfaces());
    }

    @Override
    public List<String> variables() {
        List<String> variables = new ArrayList<>();
        for (TypeVariable<?> variable : type.getTypeParameters()) {
            variables.add(name() + "." + variable.getName());
        }
        return variables;
    }

    @Override
    public List<MethodModel> methods() {
        List<MethodModel> methods = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            methods.add(model(method));
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            methods.add(new MethodModel(
                    this,
                    MethodModel.CONSTRUCTOR,
                    erased(constructor.getParameterTypes()),
                    TypeUse.of("void", 0),
                    constructor.getModifiers()));
        }
        return methods;
    }

    @Override
    public List<MethodModel> methods(String name) {
        if (name.equals(MethodModel.CONSTRUCTOR)) {
            return TypeModel.super.methods(name);
        }
        // Generic signatures are parsed, so the others are not worth being looked at.
        List<MethodModel> named = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                named.add(model(method));
            }
        }
        return named;
    }

    @Override
    public List<FieldModel> fields() {
        List<FieldModel> fields = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            fields.add(new FieldModel(
                    this, field.getName(), use(field.getGenericType(), field.getType()), field.getModifiers()));
        }
        return fields;
    }

    @Override
    public boolean isAccessibleFrom(TypeModel other) {
        Class<?> from = ((ReflectedType) other).type;
        boolean samePackage = type.getClassLoader() == from.getClassLoader()
                && type.getPackageName().equals(from.getPackageName());
        return samePackage
                || (Modifier.isPublic(type.getModifiers())
                        && from.getModule().canRead(type.getModule())
                        && type.getModule().isExported(type.getPackageName(), from.getModule()));
    }

    /** Of a class that is loaded, all are loaded that are asked for. One that is not there now is none that may come yet. */
    @Override
    public TypeModel get(String name) {
        TypeModel found = find(name);
        if (found == null) {
            throw new NoClassDefFoundError(name);
        }
        return found;
    }

    @Override
    public @Nullable TypeModel find(String name) {
        if (name.equals(name())) {
            return this; // also if it is hidden, and nobody finds it by its name
        }
        try {
            return new ReflectedType(Class.forName(name, false, type.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError missing) {
            return null;
        }
    }

    /** What is known of a method. */
    static MethodModel model(Method method) {
        return new MethodModel(
                new ReflectedType(method.getDeclaringClass()),
                method.getName(),
                uses(method.getGenericParameterTypes(), method.getParameterTypes()),
                use(method.getGenericReturnType(), method.getReturnType()),
                method.getModifiers(),
                parameterNames(method));
    }

    private static List<String> parameterNames(Method method) {
        Parameter[] parameters;
        try {
            parameters = method.getParameters();
        } catch (MalformedParametersException nonsense) { // by a tool that rewrote the class
            return Collections.nCopies(method.getParameterCount(), "");
        }
        List<String> names = new ArrayList<>();
        for (Parameter parameter : parameters) {
            names.add(parameter.isNamePresent() ? parameter.getName() : "");
        }
        return names;
    }

    private static List<TypeUse> uses(Type[] types, Class<?>[] erasures) {
        if (types.length != erasures.length) {
            return erased(erasures); // a signature that somebody has forgotten to change along
        }
        List<TypeUse> uses = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            uses.add(use(types[i], erasures[i]));
        }
        return uses;
    }

    private static List<TypeUse> erased(Class<?>[] types) {
        List<TypeUse> uses = new ArrayList<>();
        for (Class<?> one : types) {
            uses.add(erased(one));
        }
        return uses;
    }

    private static TypeUse erased(Class<?> type) {
        int dimensions = 0;
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
            dimensions++;
        }
        return TypeUse.of(element.getName(), dimensions);
    }

    private static TypeUse use(Type type, Class<?> erasure) {
        TypeUse erased = erased(erasure);
        List<TypeUse> arguments = new ArrayList<>();
        if (type instanceof ParameterizedType parameterized) {
            for (Type argument : parameterized.getActualTypeArguments()) {
                arguments.add(argument(argument));
            }
        }
        return new TypeUse(erased.name(), erased.dimensions(), variable(type), arguments);
    }

    /** The variable of a class at the bottom of a type; of a method's variable, of what bounds it. */
    private static @Nullable String variable(Type type) {
        if (type instanceof GenericArrayType array) {
            return variable(array.getGenericComponentType());
        }
        if (!(type instanceof TypeVariable<?> variable)) {
            return null;
        }
        return variable.getGenericDeclaration() instanceof Class<?> declaring
                ? declaring.getName() + "." + variable.getName()
                : variable(variable.getBounds()[0]);
    }

    /** What is left of an argument; arguments of its own do not matter. */
    private static TypeUse argument(Type type) {
        if (type instanceof Class<?> plain) {
            return erased(plain);
        }
        if (type instanceof ParameterizedType parameterized) {
            return argument(parameterized.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            TypeUse element = argument(array.getGenericComponentType());
            return new TypeUse(element.name(), element.dimensions() + 1, element.variable(), List.of());
        }
        if (type instanceof WildcardType wildcard) {
            return argument(wildcard.getUpperBounds()[0]);
        }
        TypeVariable<?> variable = (TypeVariable<?>) type;
        TypeUse bound = argument(variable.getBounds()[0]);
        return new TypeUse(bound.name(), bound.dimensions(), variable(type), List.of());
    }
}
