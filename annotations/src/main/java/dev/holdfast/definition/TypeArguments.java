package dev.holdfast.definition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the type variables of a class's superclasses and interfaces stand for in that class: in {@code class Quotes extends
 * Source<String>} the T of {@code Source<T>} is String. Not thread-safe.
 */
public final class TypeArguments {

    /** By variable, the erasure of what it stands for. */
    private final Map<String, TypeUse> arguments = new HashMap<>();

    /**
     * Seen from that class.
     *
     * @throws MissingTypeException if one of its superclasses or interfaces cannot be seen
     */
    public TypeArguments(TypeModel type) {
        addAbove(type);
    }

    private void addAbove(TypeModel type) {
        add(type, type.superclass());
        for (TypeUse parent : type.interfaces()) {
            add(type, parent);
        }
    }

    private void add(TypeModel type, @Nullable TypeUse parent) {
        if (parent == null || parent.isOnly("java.lang.Object")) {
            return;
        }
        TypeModel model = type.get(parent.name());
        List<String> variables = model.variables();
        // All before any of them is put: an inner class that extends the class around it has that one's variables as
        // arguments, and none may come to stand for itself.
        List<TypeUse> given = new ArrayList<>();
        for (TypeUse argument : parent.arguments()) {
            given.add(erasureOf(argument));
        }
        for (int i = 0; i < variables.size() && i < given.size(); i++) {
            arguments.putIfAbsent(variables.get(i), given.get(i));
        }
        addAbove(model);
    }

    /** What is left of a type when its variables are resolved and its arguments dropped. */
    public TypeUse erasureOf(TypeUse type) {
        TypeUse argument = type.variable() == null ? null : arguments.get(type.variable());
        return argument == null ? type.erasure() : argument.inArrays(type.dimensions());
    }
}
