package dev.holdfast.agent.programs;

import dev.holdfast.Recover;

/** Tells whether it was woven. */
public final class Guarded {

    private Guarded() {}

    public static void main(String[] arguments) {
        System.out.println(answer(arguments.length) + (isWoven(Guarded.class) ? " woven" : " as it was"));
    }

    @Recover(attempts = 2)
    static int answer(int given) {
        return 42 + given;
    }

    static boolean isWoven(Class<?> type) {
        for (var method : type.getDeclaredMethods()) {
            if (method.isSynthetic() && method.getName().endsWith("$holdfast")) {
                return true;
            }
        }
        return false;
    }
}
