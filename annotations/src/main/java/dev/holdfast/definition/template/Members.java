package dev.holdfast.definition.template;

import dev.holdfast.definition.FieldModel;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.TypeModel;
import dev.holdfast.definition.TypeUse;
import dev.holdfast.definition.template.TemplateParser.NoTemplate;
import dev.holdfast.definition.template.TemplateParser.Step;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the member that a step leads over: a public one, as the class that the template stands in could call it. Where the type itself is
 * hidden (the JDK's own HTTP exchange is), a superclass or an interface that declares the member will do.
 */
final class Members {

    private static final String OBJECT = "java.lang.Object";
    private static final TypeUse TEXT = TypeUse.of("java.lang.String", 0);

    /** The type and all above it, the nearest first. */
    private final Map<String, TypeModel> types = new LinkedHashMap<>();

    /** Those of them that may be used. */
    private final List<TypeModel> accessible = new ArrayList<>();

    private final TypeUse type;
    private final Step step;

    private Members(TypeUse type, Step step, TypeModel scope, TypeModel from) {
        this.type = type;
        this.step = step;
        // An array has the members of an object, and its own name in messages.
        addClasses(scope.get(type.dimensions() == 0 ? type.name() : OBJECT));
        addInterfaces();
        types.putIfAbsent(OBJECT, scope.get(OBJECT)); // an interface has its methods, too
        for (TypeModel one : types.values()) {
            if (one.isAccessibleFrom(from)) {
                accessible.add(one);
            }
        }
    }

    private void addClasses(TypeModel first) {
        TypeModel one = first;
        while (one != null) {
            types.put(one.name(), one);
            TypeUse above = one.superclass();
            one = above == null ? null : one.get(above.name());
        }
    }

    private void addInterfaces() {
        Deque<TypeModel> open = new ArrayDeque<>(types.values());
        while (!open.isEmpty()) {
            TypeModel one = open.remove();
            for (TypeUse parent : one.interfaces()) {
                if (!types.containsKey(parent.name())) {
                    TypeModel model = one.get(parent.name());
                    types.put(parent.name(), model);
                    open.add(model);
                }
            }
        }
    }

    /**
     * A member that was found.
     *
     * @param scope sees the classes that it names
     */
    record Found(Access access, TypeModel scope) {}

    /**
     * Finds it.
     *
     * @param type of what stands before the step
     * @param scope sees that type
     * @param from the class that the template stands in
     * @throws NoTemplate if there is none, or more than one that fits as well
     */
    static Found find(TypeUse type, Step step, TypeModel scope, TypeModel from) throws NoTemplate {
        if (type.isPrimitive()) {
            throw new NoTemplate("there is nothing behind " + type.name() + "; expected: no ." + step.name());
        }
        try {
            Members members = new Members(type, step, scope, from);
            List<String> literals = step.literals();
            Found found = literals == null ? members.property() : members.method(literals);
            if (found == null) {
                throw new NoTemplate(members.missing());
            }
            return found;
        } catch (LinkageError incomplete) {
            throw new NoTemplate("the members of " + type.typeName() + " cannot be read (" + incomplete + ")");
        }
    }

    /** The accessor of a record or a method called like one, else a getter, else a field. */
    private @Nullable Found property() {
        String name = step.name();
        for (String getter : new String[] {name, "get" + capitalised(), "is" + capitalised()}) {
            for (TypeModel one : accessible) {
                MethodModel found = getter(one, getter);
                if (found != null) {
                    return found(found, List.of());
                }
            }
        }
        for (TypeModel one : accessible) {
            for (FieldModel field : one.fields()) {
                if (isOfInstance(field.modifiers()) && field.name().equals(name)) {
                    return new Found(
                            new Access.Read(one.name(), name, field.type().erasure()), one);
                }
            }
        }
        return null;
    }

    private static @Nullable MethodModel getter(TypeModel type, String name) {
        MethodModel best = null;
        for (MethodModel method : type.methods()) {
            if (isOfInstance(method.modifiers())
                    && method.name().equals(name)
                    && method.parameters().isEmpty()
                    && !method.result().isOnly("void")
                    && (best == null || best.isBridge())) {
                best = method;
            }
        }
        return best;
    }

    private static Found found(MethodModel method, List<String> literals) {
        return new Found(new Access.Call(method.key(), literals), method.owner());
    }

    private @Nullable Found method(List<String> literals) throws NoTemplate {
        MethodModel best = null;
        boolean ambiguous = false;
        for (TypeModel one : accessible) {
            for (MethodModel method : one.methods()) {
                if (!isOfInstance(method.modifiers())
                        || !method.name().equals(step.name())
                        || method.result().isOnly("void")
                        || !takesTexts(method, literals.size())) {
                    continue;
                }
                int better = best == null ? 1 : exactness(method) - exactness(best);
                if (better > 0 || (better == 0 && best != null && best.isBridge() && !method.isBridge())) {
                    best = method;
                    ambiguous = false;
                } else if (better == 0 && best != null && !overrides(best, method)) {
                    ambiguous = true;
                }
            }
        }
        if (ambiguous) {
            throw new NoTemplate("several methods " + step.name() + " take " + literals.size()
                    + " texts; expected: one that does, or another way to the value");
        }
        return best == null ? null : found(best, literals);
    }

    private static boolean overrides(MethodModel nearer, MethodModel other) {
        return nearer.key().parameters().equals(other.key().parameters());
    }

    private static boolean takesTexts(MethodModel method, int count) {
        if (method.parameters().size() != count) {
            return false;
        }
        for (TypeUse parameter : method.parameters()) {
            if (!parameter.erasure().admits(TEXT, method.owner())) {
                return false;
            }
        }
        return true;
    }

    /** How many parameters ask for text rather than for something that text is, too. */
    private static int exactness(MethodModel method) {
        int exact = 0;
        for (TypeUse parameter : method.parameters()) {
            exact += parameter.erasure().equals(TEXT) ? 1 : 0;
        }
        return exact;
    }

    private static boolean isOfInstance(int modifiers) {
        return Modifier.isPublic(modifiers) && !Modifier.isStatic(modifiers);
    }

    private String missing() {
        TypeModel nearest = types.values().iterator().next();
        String where = type.typeName()
                + (accessible.contains(nearest) ? "" : ", which is not public, nor any public type above it,");
        List<String> literals = step.literals();
        if (literals != null) {
            return where + " has no public method " + step.name() + " that takes "
                    + (literals.isEmpty() ? "nothing" : literals.size() + (literals.size() == 1 ? " text" : " texts"))
                    + " and gives something";
        }
        String name = step.name();
        return where + " has no public " + name + "; expected: " + name + "(), get" + capitalised() + "(), is"
                + capitalised() + "() or a field " + name;
    }

    private String capitalised() {
        return Character.toUpperCase(step.name().charAt(0)) + step.name().substring(1);
    }
}
