package dev.holdfast;

/**
 * The session could not be read, or nobody knows whether it was saved, as Redis does not answer; see {@link SharedSession#whenUnavailable}. Over
 * HTTP the client is answered with status 503: by {@link Recover} where the method has it and may respond, else by {@link SharedSession} itself.
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
