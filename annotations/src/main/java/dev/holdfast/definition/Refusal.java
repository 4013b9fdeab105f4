package dev.holdfast.definition;

import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Which kinds of methods no policy can guard, and what is said of them. */
public final class Refusal {

    /** What the compiler of Kotlin gives a suspend function as its last parameter. */
    public static final String CONTINUATION = "kotlin.coroutines.Continuation";

    private Refusal() {}

    /**
     * Rule and remedy for a method that cannot be guarded; null for one that can.
     *
     * @param written the annotation, as in {@code @Recover}
     * @param name as a class file has it, {@code <init>} for a constructor
     * @param modifiers as {@link java.lang.reflect.Method#getModifiers} has them
     * @param lastParameter name of its type; empty if there is no parameter
     */
    public static @Nullable String of(String written, String name, int modifiers, String lastParameter) {
        if (name.startsWith("<")) {
            return written + " does not work on constructors and initialisers, which cannot be repeated;"
                    + " move the work into a method and put it there";
        }
        if (Modifier.isAbstract(modifiers)) {
            return written + " does not work on an abstract method, which has no body;"
                    + " put it on the methods that implement this one";
        }
        if (Modifier.isNative(modifiers)) {
            return written + " does not work on a native method, whose body is not in the class file;"
                    + " put it on a method that calls this one";
        }
        if (lastParameter.equals(CONTINUATION)) {
            return written + " does not work on a suspend function, which returns before it is done;"
                    + " put it on an ordinary function that calls this one";
        }
        return null;
    }
}
