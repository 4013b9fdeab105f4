package dev.holdfast.agent.weave;

import org.jspecify.annotations.Nullable;

/** Where class files are found without loading a class: the resources of a class loader, or the entries of a jar. */
@FunctionalInterface
public interface Resources {

    /**
     * Finds the bytes of a resource.
     *
     * @param resourceName as in {@code com/acme/Resilient.class}
     * @return null if there is none
     */
    byte @Nullable [] find(String resourceName);
}
