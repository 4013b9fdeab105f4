package dev.holdfast.definition;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A type where it is used, in a signature or behind {@code extends}. What matters is what is left of it in a class file, and what its type
 * variables stand for.
 *
 * @param name of its erasure's element: of a class the binary name, or that of a primitive type, or {@code void}
 * @param dimensions of an array; 0 for any other type
 * @param variable the type variable of a class that stands there or is the array's element, by that class's binary name, a dot, and its own
 *     name; else null. That of a method counts as what bounds it
 * @param arguments the type arguments behind {@code extends} and {@code implements}; empty elsewhere
 */
public record TypeUse(String name, int dimensions, @Nullable String variable, List<TypeUse> arguments) {

    private static final Set<String> PRIMITIVE =
            Set.of("boolean", "byte", "short", "char", "int", "long", "float", "double", "void");

    public TypeUse {
        arguments = List.copyOf(arguments);
    }

    /** Of a type without variables and arguments. */
    public static TypeUse of(String name, int dimensions) {
        return new TypeUse(name, dimensions, null, List.of());
    }

    /** What is left of it in a class file. */
    public TypeUse erasure() {
        return variable == null && arguments.isEmpty() ? this : of(name, dimensions);
    }

    /** Arrays of it. */
    TypeUse inArrays(int moreDimensions) {
        return moreDimensions == 0 ? this : of(name, dimensions + moreDimensions);
    }

    /** Whether it is none but that class or primitive type. */
    public boolean isOnly(String typeName) {
        return dimensions == 0 && name.equals(typeName);
    }

    /** Whether it is a primitive type, or {@code void}; an array is none. */
    public boolean isPrimitive() {
        return dimensions == 0 && PRIMITIVE.contains(name);
    }

    /** Whether it is a class or an interface: no primitive type, and no array. */
    public boolean isClass() {
        return dimensions == 0 && !PRIMITIVE.contains(name);
    }

    /**
     * Whether what is of the other type can stand where this one is wanted. Arguments do not count.
     *
     * @param scope sees the classes of both
     */
    public boolean admits(TypeUse other, TypeModel scope) {
        if (dimensions == other.dimensions && name.equals(other.name)) {
            return true;
        }
        if (isPrimitive() || other.isPrimitive() || dimensions > other.dimensions) {
            return false;
        }
        if (name.equals("java.lang.Object")) {
            return dimensions < other.dimensions || !PRIMITIVE.contains(other.name);
        }
        if (dimensions < other.dimensions) {
            return name.equals("java.lang.Cloneable") || name.equals("java.io.Serializable");
        }
        return !PRIMITIVE.contains(name)
                && !PRIMITIVE.contains(other.name)
                && scope.get(other.name).is(name);
    }

    /** As in {@code java.util.Map$Entry[]}. */
    public String typeName() {
        return name + "[]".repeat(dimensions);
    }

    /** As in {@code Entry[]} for an array of {@code java.util.Map$Entry}. */
    public String simpleName() {
        return simpleName(name) + "[]".repeat(dimensions);
    }

    /** What a class is called among friends. By its binary name alone, so that everybody says the same. */
    static String simpleName(String name) {
        int end = name.length();
        while (end > 1 && name.charAt(end - 1) == '$') {
            end--;
        }
        int from = Math.max(name.lastIndexOf('.', end - 1), name.lastIndexOf('$', end - 1)) + 1;
        int letter = from;
        while (letter < end && Character.isDigit(name.charAt(letter))) {
            letter++; // of a class that is local to a method
        }
        return name.substring(letter < end ? letter : from);
    }
}
