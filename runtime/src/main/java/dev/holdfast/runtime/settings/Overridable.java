package dev.holdfast.runtime.settings;

import java.util.List;
import java.util.Map;

/**
 * Tells which attributes of which annotations can be overridden, so that a key that names another one, or a value that cannot be,
 * is noticed when the configuration is read. Asked only if there is something to check, so it may cost what it likes.
 */
public interface Overridable {

    /** The attribute that switches an annotation off; every annotation has it. */
    String ENABLED = "enabled";

    /** For those that cannot tell: every override is taken as it is. */
    Overridable UNCHECKED = new Unchecked();

    /**
     * By simple name of the annotation, as in {@code Recover}, by path of the attribute, as in {@code attempts} or
     * {@code breaker/openFor}: what its values look like. {@link #ENABLED} goes without saying.
     */
    Map<String, Map<String, Rule<?>>> attributes();

    /**
     * By path such as {@code Recover/breaker}: the simple name of the annotation that is there, as in {@code CircuitBreaker}, under which its
     * attributes are known as well.
     */
    default Map<String, String> nested() {
        return Map.of();
    }

    /**
     * What is wrong with the address of a channel, each as it follows its key in a message, with value, rule and remedy; empty if nothing is.
     *
     * @param sharedRedis whether there is a Redis that the nodes share
     */
    default List<String> channelFaults(String uri, boolean sharedRedis) {
        return List.of();
    }

    /** See {@link #UNCHECKED}. */
    final class Unchecked implements Overridable {

        private Unchecked() {}

        @Override
        public Map<String, Map<String, Rule<?>>> attributes() {
            return Map.of();
        }
    }
}
