package dev.holdfast.definition.template;

import dev.holdfast.definition.MethodKey;
import dev.holdfast.definition.TypeUse;
import java.util.List;

/** One step of the way from what a call has to what a template shows of it: by names alone. */
public sealed interface Access {

    /** What it leads to, without variables. */
    TypeUse type();

    /**
     * A method is called.
     *
     * @param literals what it is given
     */
    record Call(MethodKey method, List<String> literals) implements Access {

        public Call {
            literals = List.copyOf(literals);
        }

        @Override
        public TypeUse type() {
            return method.result();
        }
    }

    /**
     * A field is read.
     *
     * @param owner binary name of the class that declares it
     */
    record Read(String owner, String name, TypeUse type) implements Access {}
}
