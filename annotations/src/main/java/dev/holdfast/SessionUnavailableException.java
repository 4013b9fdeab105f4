package dev.holdfast;

/**
 * The session could not be read, or nobody knows whether it was saved, as Redis does not answer; see {@link SharedSession#whenUnavailable}. Over
 * HTTP {@link Recover} answers it with status 503.
 */
public final class SessionUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by Holdfast, and by tests of code that catches it.
     *
     * @param message place, rule and value
     * @param cause what kept Redis from answering; may be null
     */
    public SessionUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
