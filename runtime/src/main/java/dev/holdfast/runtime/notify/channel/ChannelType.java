package dev.holdfast.runtime.notify.channel;

import java.util.List;
import java.util.Set;

/** What there is to the channels of some schemes. Stateless. */
public interface ChannelType {

    /** The schemes of its addresses, as in {@code https}. */
    Set<String> schemes();

    /** How its addresses look, for messages. */
    String form();

    /** Whether people read it, who are told the first of a kind and then digests. */
    default boolean isForPeople() {
        return false;
    }

    /** What is wrong with an address, each as it follows its name in a message; empty if nothing is. */
    List<String> faults(Address address);

    /** Makes a channel. Opens nothing yet. */
    Channel open(Address address);
}
