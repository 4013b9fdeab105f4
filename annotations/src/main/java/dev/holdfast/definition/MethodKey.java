package dev.holdfast.definition;

import java.util.List;

/**
 * A method by names alone, for whoever has found one and lets others call it.
 *
 * @param owner binary name of the class that declares it
 * @param parameters without variables
 * @param result without variables
 */
public record MethodKey(String owner, String name, List<TypeUse> parameters, TypeUse result) {

    public MethodKey {
        parameters = List.copyOf(parameters);
    }

    /** As in {@code cached(String, Throwable)}. */
    @Override
    public String toString() {
        return name + MethodModel.listed(parameters);
    }
}
