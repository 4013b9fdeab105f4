package dev.holdfast.runtime;

/**
 * Makes a stack overflow come before something is begun that must be ended, instead of in between. A lock that is taken where no stack
 * is left to call its {@code unlock} stays locked, and a program that would have lived through the overflow of one thread stands
 * still for ever.
 *
 * <p>There is no way to ask how much stack is left, so a recursion tries it: it costs some tens of nanoseconds.
 */
public final class StackReserve {

    /** With four longs each that are needed after the call, 3 to 6 KB, compiled or not: as deep as policies go below a call. */
    private static final int FRAMES = 50;

    /** For what calls a handful of short methods. */
    private static final int LITTLE_FRAMES = 16;

    /** A policy of a staged call takes three frames where one of another takes one, and behind the last there is the promise. */
    private static final int STAGED_FRAMES = 250;

    /** Some 60 KB, as deep as the JDK goes to find a class in a jar and define it; and no more, as there are threads that have but 200 KB in all. */
    private static final int LOADING_FRAMES = 300;

    private StackReserve() {}

    /**
     * Returns if there is stack left for what comes next, as long as that does not call the application.
     *
     * @throws StackOverflowError if not
     */
    public static void require() {
        require(FRAMES);
    }

    /**
     * The same for a few short methods that call nothing of the JDK, such as a change of numbers that belong together. It costs a third.
     *
     * @throws StackOverflowError if there is none
     */
    public static void requireLittle() {
        require(LITTLE_FRAMES);
    }

    /**
     * The same for a call that lasts until a stage completes: what remains of it when the body has taken all there was is enough to end the call.
     *
     * @throws StackOverflowError if there is none
     */
    static void requireForStage() {
        require(STAGED_FRAMES);
    }

    /**
     * The same for what may load and initialise classes: one whose initialiser meets the end of the stack cannot be used any more, by nobody.
     *
     * @throws StackOverflowError if there is none
     */
    static void requireForLoading() {
        require(LOADING_FRAMES);
    }

    private static void require(int frames) {
        if (descend(frames, 1, 2, 3, 4) == 0) {
            throw new AssertionError("the result is another; it is looked at so that it must be computed");
        }
    }

    private static long descend(int frames, long a, long b, long c, long d) {
        return frames == 0 ? a : descend(frames - 1, b, c, d, a) * a + b * c + d;
    }
}
