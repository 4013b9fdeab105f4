package dev.holdfast.runtime.settings;

import dev.holdfast.definition.notify.NotifyReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The addresses of the channels, {@code holdfast.channel.<name>}. What they may be is the channels' business. Immutable. */
final class Channels {

    static final String PREFIX = Settings.PREFIX + "channel.";

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

    /** Tells what is wrong with those that have an address. Addresses have passwords in them, so they are not shown. */
    static void check(Map<String, String> given, String source, List<String> faults) {
        for (Map.Entry<String, String> entry : given.entrySet()) {
            String key = entry.getKey();
            if (key.startsWith(PREFIX)) {
                if (!NotifyReader.isChannel(key.substring(PREFIX.length()))) {
                    faults.add(Shown.quoted(key) + " (" + source + ") must end in the name of a channel, "
                            + NotifyReader.CHANNEL + "; rename it");
                }
                if (entry.getValue().strip().indexOf(':') < 1) {
                    faults.add(key + " (" + source
                            + ") must be a URI, as in https://host/path; correct it, or leave it out");
                }
            }
        }
    }
}
