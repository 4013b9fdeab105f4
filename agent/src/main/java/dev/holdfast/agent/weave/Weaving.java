package dev.holdfast.agent.weave;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of one class. Immutable, but for the bytes, which are the receiver's. */
public final class Weaving {

    /** Nothing to weave, nothing to say. */
    static final Weaving NOTHING = new Weaving(null, List.of(), List.of());

    private final byte @Nullable [] classFile;
    private final List<Woven> methods;
    private final List<String> left;

    Weaving(byte @Nullable [] classFile, List<Woven> methods, List<String> left) {
        this.classFile = classFile;
        this.methods = List.copyOf(methods);
        this.left = List.copyOf(left);
    }

    /** The woven class file; null if the class is to be loaded as it was. */
    public byte @Nullable [] classFile() {
        return classFile;
    }

    /** What was woven, in the order of the class file. */
    public List<Woven> methods() {
        return methods;
    }

    /**
     * One message for each method, or for the class, that was left alone although it bears a definition: ready to be logged as a
     * warning.
     */
    public List<String> left() {
        return left;
    }

    /**
     * A method that is woven.
     *
     * @param definition what it bears, in the form that the runtime parses
     */
    public record Woven(String name, String descriptor, String definition) {

        /** Name and descriptor in one, as the weaver wants them for a class that is redefined. */
        public String signature() {
            return name + descriptor;
        }
    }
}
