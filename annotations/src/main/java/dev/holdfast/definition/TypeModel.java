package dev.holdfast.definition;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a class or interface, wherever it is known from. Whoever asks may be told that a class which is needed for the answer
 * cannot be seen, by a {@link MissingTypeException} from each of the methods.
 */
public interface TypeModel {

    /** The binary name, as in {@code com.acme.Outer$Inner}. */
    String name();

    /** As {@link Class#getModifiers} has them. */
    int modifiers();

    /** Whether it is declared in another class's body, as a member. */
    boolean isMember();

    /** With its type arguments; null for {@link Object} and for interfaces. */
    @Nullable
    TypeUse superclass();

    /** Those that it names itself, with their type arguments. */
    List<TypeUse> interfaces();

    /** The type variables that it declares, as {@link TypeUse#variable} names them. */
    List<String> variables();

    /** What it declares itself, synthetic methods and constructors ({@link MethodModel#CONSTRUCTOR}) included. */
    List<MethodModel> methods();

    /** Those of {@link #methods} that have this name. */
    default List<MethodModel> methods(String name) {
        List<MethodModel> named = new ArrayList<>();
        for (MethodModel method : methods()) {
            if (method.name().equals(name)) {
                named.add(method);
            }
        }
        return named;
    }

    /** What it declares itself. */
    List<FieldModel> fields();

    /**
     * A class by its binary name, as this one would see it.
     *
     * @return null if there is none, for certain
     */
    @Nullable
    TypeModel find(String name);

    /**
     * A class that this one names, and could not have been compiled without.
     *
     * @throws MissingTypeException if it is not there
     */
    default TypeModel get(String name) {
        TypeModel found = find(name);
        if (found == null) {
            throw new MissingTypeException(name);
        }
        return found;
    }

    /** Whether what {@link #find} does not find is not there when the program runs either. */
    default boolean seesAll() {
        return true;
    }

    /** Whether the source of another class may name it. Where modules are not known, they are thought to be open. */
    default boolean isAccessibleFrom(TypeModel other) {
        return Modifier.isPublic(modifiers()) || packageName().equals(other.packageName());
    }

    /** Empty for none. */
    default String packageName() {
        return name().substring(0, Math.max(0, name().lastIndexOf('.')));
    }

    /** Whether it is that class or interface, or inherits from it. By name: two loaders' classes of one name are one. */
    default boolean is(String wanted) {
        if (name().equals(wanted)) {
            return true;
        }
        TypeUse above = superclass();
        if (above != null && (above.name().equals(wanted) || get(above.name()).is(wanted))) {
            return true;
        }
        for (TypeUse parent : interfaces()) {
            if (parent.name().equals(wanted) || get(parent.name()).is(wanted)) {
                return true;
            }
        }
        return false;
    }
}
