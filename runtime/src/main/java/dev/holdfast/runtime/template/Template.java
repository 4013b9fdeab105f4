package dev.holdfast.runtime.template;

import dev.holdfast.runtime.GuardedMethod;
import dev.holdfast.runtime.template.TemplateParser.Hole;
import dev.holdfast.runtime.template.TemplateParser.Literal;
import dev.holdfast.runtime.template.TemplateParser.NoTemplate;
import dev.holdfast.runtime.template.TemplateParser.Part;
import dev.holdfast.runtime.template.TemplateParser.Step;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A text with holes that was found to make sense on one method. Immutable. Of one method, templates of the same text are equal.
 *
 * <pre>{@code
 * Template key = Template.read("{tenant}:{user.id}", method, List.of(), fault -> attributes.fault("key " + fault));
 * ... when the method is linked:   LinkedTemplate linked = key.link(method);
 * ... in a call:                   linked.text(call.everything())            "acme:42"
 * }</pre>
 */
public final class Template {

    private static final int SHOWN = 200;

    /** Holes that every method has, whatever its parameters are called. */
    private static final String THIS = "this";

    private static final String METHOD = "method";

    /** A hole beside those that every method has; its values are handed over with each call, in order. */
    public record Variable(String name, Class<?> type) {}

    private final String text;
    private final List<Piece> pieces;

    /**
     * Literal text, or the way to a value.
     *
     * @param literal null for a value
     * @param index of the value that the way begins at: 0 for the receiver, 1 for the first argument, and behind the last one what is beside
     */
    private record Piece(@Nullable String literal, int index, Class<?> type, List<Member> members, List<Step> steps) {}

    private Template(String text, List<Piece> pieces) {
        this.text = text;
        this.pieces = pieces;
    }

    /**
     * Reads a template and finds all that it names, by reflection alone: nothing of the application is initialised.
     *
     * @param beside what there is beside parameters, {@code this} and {@code method}; beats parameters of the same name
     * @param fault is told what is wrong: the template in quotes, rule and remedy
     * @return null if something is
     */
    public static @Nullable Template read(
            String text, GuardedMethod method, List<Variable> beside, Consumer<String> fault) {
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
        return new Piece(text, 0, String.class, List.of(), List.of());
    }

    private static Piece resolve(Hole hole, GuardedMethod method, List<Variable> beside) throws NoTemplate {
        String root = hole.root();
        if (root.equals(METHOD) && hole.steps().isEmpty()) {
            unambiguous(root, method);
            return constant(method.owner().getName() + "." + method.method().getName());
        }
        Class<?>[] parameters = method.method().getParameterTypes();
        int index = index(root, method, beside);
        Class<?> type = index == 0
                ? method.owner()
                : index <= parameters.length
                        ? parameters[index - 1]
                        : beside.get(index - parameters.length - 1).type();
        List<Member> members = new ArrayList<>();
        for (Step step : hole.steps()) {
            Member member = Members.find(type, step, method.owner());
            members.add(member);
            type = member instanceof Method getter ? getter.getReturnType() : ((Field) member).getType();
        }
        return new Piece(null, index, type, List.copyOf(members), hole.steps());
    }

    private static int index(String root, GuardedMethod method, List<Variable> beside) throws NoTemplate {
        int count = method.method().getParameterCount();
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

    private static void unambiguous(String root, GuardedMethod method) throws NoTemplate {
        int at = method.parameterNames().indexOf(root);
        if (at >= 0) {
            throw new NoTemplate("{" + root + "} is the method, and a parameter is called so, too; expected: {#" + at
                    + "} for the parameter, or another name for it");
        }
    }

    private static String known(GuardedMethod method, List<Variable> beside) {
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
    public @Nullable Class<?> soleType() {
        return pieces.size() == 1 && pieces.get(0).literal() == null
                ? pieces.get(0).type()
                : null;
    }

    /**
     * Binds it.
     *
     * @throws IllegalAccessException if a module keeps from the method's class what reflection said it may use
     */
    public LinkedTemplate link(GuardedMethod method) throws IllegalAccessException {
        LinkedTemplate.Piece[] linked = new LinkedTemplate.Piece[pieces.size()];
        for (int i = 0; i < linked.length; i++) {
            Piece piece = pieces.get(i);
            MethodHandle[] steps = new MethodHandle[piece.members().size()];
            for (int step = 0; step < steps.length; step++) {
                steps[step] = handle(piece.members().get(step), piece.steps().get(step), method.lookup());
            }
            linked[i] = new LinkedTemplate.Piece(piece.literal(), piece.index(), steps);
        }
        return new LinkedTemplate(linked, method.method().getParameterCount());
    }

    /** A handle of type (Object)Object. */
    private static MethodHandle handle(Member member, Step step, MethodHandles.Lookup lookup)
            throws IllegalAccessException {
        MethodHandle handle = member instanceof Method method
                ? lookup.unreflect(method).asFixedArity()
                : lookup.unreflectGetter((Field) member);
        List<String> literals = step.literals();
        if (literals != null) {
            handle = MethodHandles.insertArguments(handle, 1, literals.toArray());
        }
        return handle.asType(LinkedTemplate.STEP);
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
