package dev.holdfast;

/**
 * Gives the result of a call that failed; named by {@link Recover#handler}. There is one instance for each annotated method, made
 * by its no-argument constructor when first needed. It must be safe for use by several threads.
 */
@FunctionalInterface
public interface RecoveryHandler {

    /**
     * Gives what the caller gets instead of the failure.
     *
     * @param failure the call and what went wrong with it, never null
     * @return the result; it must fit the return type of the method, and is ignored where that is void
     * @throws Throwable goes to the caller as it is, with the failure suppressed on it
     */
    Object recover(Failure failure) throws Throwable;
}
