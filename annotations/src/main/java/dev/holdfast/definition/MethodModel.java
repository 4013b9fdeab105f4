package dev.holdfast.definition;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.StringJoiner;

/**
 * What is known of a method or constructor.
 *
 * @param owner the class that declares it
 * @param name {@link #CONSTRUCTOR} for a constructor
 * @param parameters as a class file has them: the outer object that a constructor is given is one of them
 * @param modifiers as {@link java.lang.reflect.Method#getModifiers} has them, the bit for synthetic ones included
 * @param parameterNames as the source has them; as many as there are parameters, an empty text for a name that is not known
 */
public record MethodModel(
        TypeModel owner,
        String name,
        List<TypeUse> parameters,
        TypeUse result,
        int modifiers,
        List<String> parameterNames) {

    /** The name of constructors. */
    public static final String CONSTRUCTOR = "<init>";

    private static final int SYNTHETIC = 0x1000;
    private static final int BRIDGE = 0x40;

    public MethodModel {
        parameters = List.copyOf(parameters);
        parameterNames = List.copyOf(parameterNames);
    }

    /** Of a method whose parameters nobody asks for by name. */
    public MethodModel(TypeModel owner, String name, List<TypeUse> parameters, TypeUse result, int modifiers) {
        this(owner, name, parameters, result, modifiers, Collections.nCopies(parameters.size(), ""));
    }

    /**
     * The same method, with names for those of its parameters that have none.
     *
     * @param names none, or as many as it has parameters
     */
    public MethodModel named(List<String> names) {
        if (names.size() != parameters.size()) {
            return this;
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            all.add(parameterNames.get(i).isEmpty() ? names.get(i) : parameterNames.get(i));
        }
        return new MethodModel(owner, name, parameters, result, modifiers, all);
    }

    public boolean isStatic() {
        return Modifier.isStatic(modifiers);
    }

    /** Whether no source says so: bridges, lambdas and the like. */
    public boolean isSynthetic() {
        return (modifiers & SYNTHETIC) != 0;
    }

    /** Whether it stands there only for another's erasure. */
    public boolean isBridge() {
        return (modifiers & BRIDGE) != 0;
    }

    /** Whether it is the same method of the same class. */
    public boolean isSame(MethodModel other) {
        return owner.name().equals(other.owner.name()) && key().equals(other.key());
    }

    /** What tells it from every other method. */
    public MethodKey key() {
        List<TypeUse> erased = new ArrayList<>();
        for (TypeUse parameter : parameters) {
            erased.add(parameter.erasure());
        }
        return new MethodKey(owner.name(), name, erased, result.erasure());
    }

    /** As messages name it: {@code com.acme.Quotes.quote(String)}. */
    public String place() {
        return place(owner.name(), name, parameters);
    }

    /** How messages name the method of a class. */
    public static String place(String owner, String method, List<TypeUse> parameters) {
        return owner + "." + method + listed(parameters);
    }

    /** As in {@code (String, int[])}. */
    static String listed(List<TypeUse> parameters) {
        StringJoiner listed = new StringJoiner(", ", "(", ")");
        for (TypeUse parameter : parameters) {
            listed.add(parameter.simpleName());
        }
        return listed.toString();
    }
}
