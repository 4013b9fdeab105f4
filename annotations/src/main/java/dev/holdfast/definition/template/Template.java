package dev.holdfast.definition.template;

import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.TypeModel;
import dev.holdfast.definition.TypeUse;
import dev.holdfast.definition.template.TemplateParser.Hole;
import dev.holdfast.definition.template.TemplateParser.Literal;
import dev.holdfast.definition.template.TemplateParser.NoTemplate;
import dev.holdfast.definition.template.TemplateParser.Part;
import dev.holdfast.definition.template.TemplateParser.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A text with holes that was found to make sense on one method. Immutable. Of one method, templates of the same text are equal.
 *
 * <pre>{@code
 * Template key = Template.read("{tenant}:{user.id}", method, List.of(), fault -> attributes.fault("key", fault));
 * }</pre>
 */
public final class Template {

    private static final int SHOWN = 200;

    private static final TypeUse TEXT = TypeUse.of("java.lang.String", 0);

    /** Holes that every method has, whatever its parameters are called. */
    private static final String THIS = "this";

    private static final String METHOD = "method";

    /** A hole beside those that every method has; its values are handed over with each call, in order. */
    public record Variable(String name, TypeUse type) {}

    private final String text;
    private final List<Piece> pieces;

    /**
     * Literal text, or the way to a value.
     *
     * @param literal null for a value
     * @param index of the value that the way begins at: 0 for the receiver, 1 for the first argument, and behind the last one what is beside
     * @param type of the value at its end
     */
    public record Piece(@Nullable String literal, int index, TypeUse type, List<Access> steps) {

        public Piece {
            steps = List.copyOf(steps);
        }
    }

    private Template(String text, List<Piece> pieces) {
        this.text = text;
        this.pieces = pieces;
    }

    /**
     * Reads a template and finds all that it names.
     *
     * @param beside what there is beside parameters, {@code this} and {@code method}; beats parameters of the same name
     * @param fault is told what is wrong: the template in quotes, rule and remedy
     * @return null if something is
     * @throws dev.holdfast.definition.MissingTypeException if a class that is needed for the answer cannot be seen
     */
    public static @Nullable Template read(
            String text, MethodModel method, List<Variable> beside, Consumer<String> fault) {
        try {
            List<Piece> pieces = new ArrayList<>();
            for (Part part : TemplateParser.parse(text)) {
                if (part instanceof Literal literal) {
                    pieces.add(constant(literal.text()));
                } else if (part instanceof Hole hole) {
                    pieces.add(resolve(hole, method, beside));
                }
            }
            return new Template(text, List.copyOf(pieces));
        } catch (NoTemplate why) {
            String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
            fault.accept("\"" + shown + "\": " + why.getMessage());
            return null;
        }
    }

    private static Piece constant(String text) {
        return new Piece(text, 0, TEXT, List.of());
    }

    private static Piece resolve(Hole hole, MethodModel method, List<Variable> beside) throws NoTemplate {
        String root = hole.root();
        if (root.equals(METHOD) && hole.steps().isEmpty()) {
            unambiguous(root, method);
            return constant(method.owner().name() + "." + method.name());
        }
        List<TypeUse> parameters = method.parameters();
        int index = index(root, method, beside);
        TypeUse type = index == 0
                ? TypeUse.of(method.owner().name(), 0)
                : index <= parameters.size()
                        ? parameters.get(index - 1).erasure()
                        : beside.get(index - parameters.size() - 1).type();
        TypeModel scope = method.owner();
        List<Access> steps = new ArrayList<>();
        for (Step step : hole.steps()) {
            Members.Found found = Members.find(type, step, scope, method.owner());
            steps.add(found.access());
            type = found.access().type();
            scope = found.scope();
        }
        return new Piece(null, index, type, steps);
    }

    private static int index(String root, MethodModel method, List<Variable> beside) throws NoTemplate {
        int count = method.parameters().size();
        if (root.startsWith("#")) {
            // More digits than an int holds are not the number of a parameter either.
            int position = root.length() > 4 ? count : Integer.parseInt(root.substring(1));
            if (position >= count) {
                throw new NoTemplate("there is no parameter " + root + "; expected: " + known(method, beside));
            }
            return position + 1;
        }
        for (int i = 0; i < beside.size(); i++) {
            if (beside.get(i).name().equals(root)) {
                return count + 1 + i;
            }
        }
        if (root.equals(METHOD)) {
            throw new NoTemplate("there is nothing behind {method}, which is a text; expected: no step, or #0 for a"
                    + " parameter of that name");
        }
        if (root.equals(THIS)) {
            if (method.isStatic()) {
                throw new NoTemplate("a static method has no this; expected: " + known(method, beside));
            }
            return 0;
        }
        List<String> names = method.parameterNames();
        int at = names.indexOf(root);
        if (at < 0) {
            throw new NoTemplate(
                    names.contains("")
                            ? "the class file does not tell what the parameters are called, so " + root
                                    + " cannot be found; expected: " + known(method, beside)
                                    + ", or a class that is compiled with -parameters or -g"
                            : "there is no parameter " + root + "; expected: " + known(method, beside));
        }
        return at + 1;
    }

    private static void unambiguous(String root, MethodModel method) throws NoTemplate {
        int at = method.parameterNames().indexOf(root);
        if (at >= 0) {
            throw new NoTemplate("{" + root + "} is the method, and a parameter is called so, too; expected: {#" + at
                    + "} for the parameter, or another name for it");
        }
    }

    private static String known(MethodModel method, List<Variable> beside) {
        StringJoiner known = new StringJoiner(", ");
        List<String> names = method.parameterNames();
        for (int i = 0; i < names.size(); i++) {
            known.add(names.get(i).isEmpty() ? "#" + i : names.get(i));
        }
        for (Variable variable : beside) {
            known.add(variable.name());
        }
        if (!method.isStatic()) {
            known.add(THIS);
        }
        return known.length() == 0 ? METHOD : known + " or " + METHOD;
    }

    /** In the order of the text. */
    public List<Piece> pieces() {
        return pieces;
    }

    /** Whether it is the same text for every call. */
    public boolean isConstant() {
        for (Piece piece : pieces) {
            if (piece.literal() == null) {
                return false;
            }
        }
        return true;
    }

    /** The type of what is in the hole, where it is nothing but one hole; else null. */
    public @Nullable TypeUse soleType() {
        return pieces.size() == 1 && pieces.get(0).literal() == null
                ? pieces.get(0).type()
                : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Template template && template.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was typed. */
    @Override
    public String toString() {
        return text;
    }
}
