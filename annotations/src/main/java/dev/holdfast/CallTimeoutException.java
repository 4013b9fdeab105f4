package dev.holdfast;

/**
 * An attempt took longer than {@link Recover#timeout}. Its cause, if any, is what the interrupted body threw when it gave up.
 */
public final class CallTimeoutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by Holdfast, and by tests of code that catches it.
     *
     * @param message place, rule and value
     * @param cause what the body threw after its time was up; null where it returned
     */
    public CallTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }
}
