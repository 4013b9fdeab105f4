package dev.holdfast.runtime.settings;

import dev.holdfast.definition.notify.NotifyReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The addresses of the channels, {@code holdfast.channel.<name>}. What they may be is the channels' business. Immutable. */
final class Channels {

    static final String PREFIX = Settings.PREFIX + "channel.";

    private static final String VARIABLE_PREFIX = Shown.environmentForm(PREFIX);

    private final Map<String, String> properties;
    private final Map<String, String> environment;
    private final Map<String, String> file;

    /** Each with all the keys that there are, as they were typed. */
    Channels(Map<String, String> properties, Map<String, String> environment, Map<String, String> file) {
        this.properties = properties;
        this.environment = environment;
        this.file = file;
    }

    /** The address of a channel; null if it has none. */
    @Nullable
    String find(String name) {
        String key = PREFIX.concat(name);
        String found = properties.get(key);
        if (found == null) {
            found = environment.get(Shown.environmentForm(key));
        }
        if (found == null || found.isEmpty()) {
            found = file.get(key);
        }
        return found == null ? null : found.strip();
    }

    /**
     * Tells what is wrong with those that have an address.
     *
     * @param sharedRedis whether there is a Redis that the nodes share
     */
    static void check(
            Map<String, String> given,
            String source,
            Overridable overridable,
            boolean sharedRedis,
            List<String> faults) {
        for (Map.Entry<String, String> entry : given.entrySet()) {
            String key = entry.getKey();
            String uri = entry.getValue().strip();
            // A variable that is set to nothing is not set.
            if (key.startsWith(VARIABLE_PREFIX) && !uri.isEmpty()) {
                tell(key, source, overridable.channelFaults(uri, sharedRedis), faults);
            } else if (key.startsWith(PREFIX)) {
                if (!NotifyReader.isChannel(key.substring(PREFIX.length()))) {
                    faults.add(Shown.quoted(key) + " (" + source + ") must end in the name of a channel, "
                            + NotifyReader.CHANNEL + "; rename it");
                }
                tell(key, source, overridable.channelFaults(uri, sharedRedis), faults);
            }
        }
    }

    private static void tell(String key, String source, List<String> ofAddress, List<String> faults) {
        for (String fault : ofAddress) {
            faults.add(key + " (" + source + ") " + fault);
        }
    }

    /** Warns of channels that are told everything but have no address. */
    void warn(List<String> notify, List<String> warnings) {
        for (String name : notify) {
            if (find(name) == null && !name.equals("log")) {
                warnings.add(Keys.NOTIFY + " names the channel " + name
                        + ", which has no address; its events go to the log" + " until " + PREFIX + name + " is set");
            }
        }
    }
}
