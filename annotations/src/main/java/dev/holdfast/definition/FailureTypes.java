package dev.holdfast.definition;

import java.util.ArrayList;
import java.util.List;

/** Reads attributes that name types of failures. */
public final class FailureTypes {

    private FailureTypes() {}

    /** Their binary names; what is not there, or no throwable, is a fault and left out. */
    public static List<String> read(Attributes given, String name, List<String> otherwise, MethodModel method) {
        List<String> named = given.classes(name, otherwise);
        if (named.isEmpty() && !otherwise.isEmpty()) {
            given.fault(name, "must name at least one class of failures, was none");
        }
        List<String> found = new ArrayList<>();
        for (String className : named) {
            if (given.known(name, true, () -> isFailure(given, name, className, method))) {
                found.add(className);
            }
        }
        return found;
    }

    private static boolean isFailure(Attributes given, String name, String className, MethodModel method) {
        TypeModel type = method.owner().find(className);
        if (type == null && !method.owner().seesAll()) {
            throw new MissingTypeException(className);
        }
        if (type == null) {
            given.fault(
                    name,
                    "names a class that is not there: " + className
                            + (className.indexOf('.') < 0
                                    ? "; expected: its full name, as in java.io.IOException"
                                    : ""));
            return false;
        }
        if (!type.is("java.lang.Throwable")) {
            given.fault(name, "must name subclasses of Throwable, was " + className);
            return false;
        }
        return true;
    }
}
