package dev.holdfast.runtime.template;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A template that is bound to its method: what it gives in a call. A null on the way is what it gives; as a text, {@code null}. Arrays are
 * shown with what is in them.
 *
 * <p>Immutable, so thread-safe.
 */
public final class LinkedTemplate {

    static final MethodType STEP = MethodType.genericMethodType(1);

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

    /** What is in the hole of a template that is nothing but one hole; a primitive boxed. Else as {@link #text}. */
    public @Nullable Object value(@Nullable Object[] everything, @Nullable Object... beside) throws Throwable {
        return pieces.length == 1 && pieces[0].literal == null
                ? value(pieces[0], everything, beside)
                : text(everything, beside);
    }

    private String text(Piece piece, @Nullable Object[] everything, @Nullable Object[] beside) throws Throwable {
        String literal = piece.literal;
        if (literal != null) {
            return literal;
        }
        Object value = value(piece, everything, beside);
        if (value instanceof String text) {
            return text;
        }
        if (value != null && value.getClass().isArray()) {
            String shown = Arrays.deepToString(new Object[] {value});
            return shown.substring(1, shown.length() - 1);
        }
        // A toString that gives null must not do what the code behind does not expect.
        return String.valueOf(String.valueOf(value));
    }

    private @Nullable Object value(Piece piece, @Nullable Object[] everything, @Nullable Object[] beside)
            throws Throwable {
        int index = piece.index;
        Object value = index <= parameters ? everything[index] : beside[index - parameters - 1];
        for (MethodHandle step : piece.steps) {
            if (value == null) {
                return null;
            }
            value = (Object) step.invokeExact(value);
        }
        return value;
    }
}
