package dev.holdfast.runtime.session.store;

/** The store did not answer. */
public final class StoreUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** With the reason. */
    public StoreUnavailableException(String message) {
        super(message, null, false, false);
    }

    /** With what kept it from answering. */
    public StoreUnavailableException(Throwable cause) {
        super(cause.getMessage(), cause, false, false);
    }
}
