package dev.holdfast.runtime.notify.channel;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Collects what is wrong with an address. Not thread-safe. */
final class Need {

    private final Address address;
    private final List<String> faults = new ArrayList<>();

    Need(Address address) {
        this.address = address;
    }

    /** One host. */
    Need host() {
        hosts();
        if (faults.isEmpty() && address.hosts().size() > 1) {
            faults.add("has several hosts; expected: one");
        }
        return this;
    }

    /** One host or more. */
    Need hosts() {
        try {
            if (address.hosts().isEmpty()) {
                faults.add("has no host");
            }
        } catch (IllegalArgumentException malformed) {
            faults.add(String.valueOf(malformed.getMessage()));
        }
        return this;
    }

    Need path(String what) {
        if (address.name().isEmpty()) {
            faults.add("has no " + what);
        }
        return this;
    }

    Need parameter(String name) {
        if (address.parameter(name) == null) {
            faults.add("has no parameter " + name);
        }
        return this;
    }

    /** No others than these: one that is misspelt would do nothing. */
    Need onlyParameters(String... names) {
        Set<String> others = new TreeSet<>(address.parameters());
        others.removeAll(Set.of(names));
        for (String other : others) {
            faults.add("has an unknown parameter " + other
                    + (names.length == 0 ? ", and takes none" : "; expected: one of " + String.join(", ", names)));
        }
        return this;
    }

    /**
     * What is made of the address must be a URL that can be asked. The parser's own message would show it, with what is secret in there.
     *
     * @param made not called if there is a fault already
     */
    Need url(Supplier<URI> made) {
        if (faults.isEmpty() && !isUrl(made)) {
            faults.add(
                    "has a host or a path that no URL can have; a host is of letters, digits, dots and dashes, and in a path %XX stands for any"
                            + " other character");
        }
        return this;
    }

    private static boolean isUrl(Supplier<URI> made) {
        try {
            return made.get().getHost() != null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    Need fault(String fault) {
        faults.add(fault);
        return this;
    }

    List<String> faults() {
        return List.copyOf(faults);
    }
}
