package dev.holdfast.runtime.session.store;

/** The store did not answer. */
public final class StoreUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** With the reason, for which nobody was asked. */
    public StoreUnavailableException(String message) {
        super(message, null, false, false);
    }

    /** Whether it may have been asked, and have done what it was asked for, now or later. */
    public boolean mayHaveDone() {
        Throwable cause = getCause();
        return cause != null && cause.getCause() != null; // what kept it from answering has a reason of its own
    }

    /** With what kept it from answering. */
    public StoreUnavailableException(Throwable cause) {
        super(cause.getMessage(), cause, false, false);
    }
}
