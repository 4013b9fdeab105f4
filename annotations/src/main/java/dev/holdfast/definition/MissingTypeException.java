package dev.holdfast.definition;

/** A class that is needed for an answer cannot be seen from here; it may well be there when the program runs. */
public final class MissingTypeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String type;

    /** For the class of that binary name. */
    public MissingTypeException(String type) {
        super(type + " cannot be seen");
        this.type = type;
    }

    /** The binary name. */
    public String type() {
        return type;
    }
}
