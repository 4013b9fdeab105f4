package dev.holdfast.runtime.template;

import dev.holdfast.definition.template.Access;
import dev.holdfast.definition.template.Template;
import dev.holdfast.runtime.GuardedMethod;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A template that is bound to its method: what it gives in a call. A null on the way is what it gives; as a text, {@code null}. Arrays are
 * shown with what is in them.
 *
 * <p>Immutable, so thread-safe.
 */
public final class LinkedTemplate {

    static final MethodType STEP = MethodType.genericMethodType(1);

    private static final Object[] NOTHING = {};

    private final Piece[] pieces;
    private final int parameters;

    /** Literal text, or the way to a value. */
    static final class Piece {

        /** Null for a value. */
        final @Nullable String literal;

        final int index;

        /** Of type (Object)Object. */
        final MethodHandle[] steps;

        Piece(@Nullable String literal, int index, MethodHandle[] steps) {
            this.literal = literal;
            this.index = index;
            this.steps = steps;
        }
    }

    LinkedTemplate(Piece[] pieces, int parameters) {
        this.pieces = pieces;
        this.parameters = parameters;
    }

    /**
     * Binds a template to the method that it was read for.
     *
     * @param beside types of what there is beside, in the order of the template's variables
     * @throws ReflectiveOperationException if the class has changed, or a module keeps from it what reflection said it may use
     */
    public static LinkedTemplate link(Template template, GuardedMethod method, Class<?>... beside)
            throws ReflectiveOperationException {
        Class<?>[] parameters = method.method().getParameterTypes();
        List<Piece> pieces = new ArrayList<>();
        for (Template.Piece piece : template.pieces()) {
            int index = piece.index();
            Class<?> type = index == 0
                    ? method.owner()
                    : index <= parameters.length ? parameters[index - 1] : beside[index - parameters.length - 1];
            List<MethodHandle> steps = new ArrayList<>();
            for (Access access : piece.steps()) {
                MethodHandle step = handle(access, type, method.lookup());
                type = step.type().returnType();
                steps.add(step.asType(STEP));
            }
            pieces.add(new Piece(piece.literal(), index, steps.toArray(new MethodHandle[0])));
        }
        return new LinkedTemplate(pieces.toArray(new Piece[0]), parameters.length);
    }

    private static MethodHandle handle(Access access, Class<?> type, MethodHandles.Lookup lookup)
            throws ReflectiveOperationException {
        if (access instanceof Access.Call call) {
            MethodHandle handle =
                    lookup.unreflect(GuardedMethod.find(call.method(), type)).asFixedArity();
            return MethodHandles.insertArguments(handle, 1, call.literals().toArray());
        }
        Access.Read read = (Access.Read) access;
        Class<?> owner = GuardedMethod.above(type, read.owner());
        if (owner == null) {
            throw new NoSuchFieldException(read.owner() + "." + read.name());
        }
        return lookup.unreflectGetter(owner.getDeclaredField(read.name()));
    }

    /**
     * Its text in a call.
     *
     * @param everything receiver and arguments
     * @param beside as many as there are variables beside these
     * @throws Throwable what the application's own code throws on the way
     */
    public String text(@Nullable Object[] everything, @Nullable Object... beside) throws Throwable {
        if (pieces.length == 1) {
            return text(pieces[0], everything, beside);
        }
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            text.append(text(piece, everything, beside));
        }
        return text.toString();
    }

    /** As {@link #text}; null if there is nothing in it but holes, and null in each of them. */
    public @Nullable String textOfSomething(@Nullable Object[] everything) throws Throwable {
        StringBuilder text = new StringBuilder();
        boolean isSomething = pieces.length == 0;
        for (Piece piece : pieces) {
            String literal = piece.literal;
            Object value = literal == null ? value(piece, everything, NOTHING) : literal;
            isSomething |= value != null;
            text.append(shown(value));
        }
        return isSomething ? text.toString() : null;
    }

    /** What is in the hole of a template that is nothing but one hole; a primitive boxed. Else as {@link #text}. */
    public @Nullable Object value(@Nullable Object[] everything, @Nullable Object... beside) throws Throwable {
        return pieces.length == 1 && pieces[0].literal == null
                ? value(pieces[0], everything, beside)
                : text(everything, beside);
    }

    /**
     * What is in its holes in a call, for {@link #laterText}. Steps are taken now, but for those that begin at a variable beside; no value is asked
     * for its text, which may take the application's own code long.
     *
     * @throws Throwable what the application's own code throws on the way
     */
    public @Nullable Object[] take(@Nullable Object[] everything, @Nullable Object... beside) throws Throwable {
        @Nullable Object[] taken = new Object[pieces.length];
        for (int i = 0; i < pieces.length; i++) {
            Piece piece = pieces[i];
            if (piece.literal == null) {
                Object value = piece.index > parameters
                        ? beside[piece.index - parameters - 1]
                        : value(piece, everything, beside);
                // Of a builder there is another text later.
                taken[i] = value instanceof StringBuilder || value instanceof StringBuffer ? value.toString() : value;
            }
        }
        return taken;
    }

    /**
     * The text of what was taken.
     *
     * @throws Throwable what the application's own code throws on the way
     */
    public String laterText(@Nullable Object[] taken) throws Throwable {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces.length; i++) {
            Piece piece = pieces[i];
            String literal = piece.literal;
            Object value = taken[i];
            if (piece.index > parameters) {
                value = walk(value, piece.steps);
            }
            text.append(literal != null ? literal : shown(value));
        }
        return text.toString();
    }

    private String text(Piece piece, @Nullable Object[] everything, @Nullable Object[] beside) throws Throwable {
        String literal = piece.literal;
        if (literal != null) {
            return literal;
        }
        return shown(value(piece, everything, beside));
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value != null && value.getClass().isArray()) {
            String shown = Arrays.deepToString(new Object[] {value});
            return shown.substring(1, shown.length() - 1);
        }
        if (value == null || isOfTheJdk(value)) {
            return String.valueOf(value);
        }
        Filling.begin();
        try {
            // A toString that gives null must not do what the code behind does not expect.
            return String.valueOf(String.valueOf(value));
        } finally {
            Filling.end();
        }
    }

    /** Whether its text is made without the application's code. */
    private static boolean isOfTheJdk(Object value) {
        return value instanceof Integer
                || value instanceof Long
                || value instanceof UUID
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Short
                || value instanceof Byte;
    }

    private @Nullable Object value(Piece piece, @Nullable Object[] everything, @Nullable Object[] beside)
            throws Throwable {
        int index = piece.index;
        Object value = index <= parameters ? everything[index] : beside[index - parameters - 1];
        return walk(value, piece.steps);
    }

    private static @Nullable Object walk(@Nullable Object from, MethodHandle[] steps) throws Throwable {
        if (steps.length == 0) {
            return from;
        }
        Filling.begin();
        try {
            Object value = from;
            for (MethodHandle step : steps) {
                if (value == null) {
                    return null;
                }
                value = (Object) step.invokeExact(value);
            }
            return value;
        } finally {
            Filling.end();
        }
    }
}
