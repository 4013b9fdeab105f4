package dev.holdfast;

/**
 * Another call has changed an attribute that this one read or wrote, and nothing of this one was committed; see {@link Conflict#FAIL}. With
 * {@link Recover#attempts} it is tried again, from what is stored now.
 */
public final class SessionConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by Holdfast, and by tests of code that catches it.
     *
     * @param message place, rule and value
     */
    public SessionConflictException(String message) {
        super(message);
    }
}
