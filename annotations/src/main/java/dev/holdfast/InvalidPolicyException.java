package dev.holdfast;

/**
 * A method whose annotations cannot be carried out as they stand. The message names all of their faults, each with place, rule,
 * value and remedy. Thrown by calls of the method, unless {@code holdfast.invalid=warn}.
 */
public final class InvalidPolicyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Made by Holdfast.
     *
     * @param message all the faults, a line each
     */
    public InvalidPolicyException(String message) {
        super(message);
    }
}
