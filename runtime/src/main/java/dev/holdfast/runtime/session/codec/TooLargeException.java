package dev.holdfast.runtime.session.codec;

/** A value that takes more than a whole session may. It is thrown as soon as that is clear, however much were to come. */
final class TooLargeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** With a message to follow what is meant. */
    TooLargeException(long most) {
        super("takes more than the " + most + " bytes that a session may take"
                + "; expected: less in it, such as keys of what lies elsewhere, or a greater holdfast.session.limit");
    }
}
