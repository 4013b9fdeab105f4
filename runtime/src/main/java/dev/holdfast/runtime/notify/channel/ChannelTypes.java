package dev.holdfast.runtime.notify.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The channels that there are. */
public final class ChannelTypes {

    private static final List<ChannelType> ALL = List.of(
            LogChannel.TYPE,
            FileChannels.TYPE,
            WebhookChannel.TYPE,
            SlackChannel.TYPE,
            NsqChannel.TYPE,
            SmtpChannel.TYPE,
            AmqpChannel.TYPE,
            RedisChannel.TYPE);

    private ChannelTypes() {}

    /** The type for a scheme, among those that Holdfast brings; null if it brings none. */
    public static @Nullable ChannelType own(String scheme) {
        for (ChannelType type : ALL) {
            if (type.schemes().contains(scheme)) {
                return type;
            }
        }
        return null;
    }

    /** The schemes that Holdfast brings, for messages. */
    public static String schemes() {
        TreeSet<String> schemes = new TreeSet<>();
        for (ChannelType type : ALL) {
            schemes.addAll(type.schemes());
        }
        return String.join(", ", schemes);
    }

    /** What is wrong with a URI, unless it is of a scheme that Holdfast does not bring; each follows the name of its key. */
    public static List<String> faults(String uri) {
        Address address;
        try {
            address = Address.of(uri);
        } catch (IllegalArgumentException malformed) {
            return List.of(String.valueOf(malformed.getMessage()));
        }
        ChannelType type = own(address.scheme());
        if (type == null) {
            return List.of();
        }
        List<String> faults = new ArrayList<>();
        for (String fault : type.faults(address)) {
            faults.add(fault + " in " + address + "; expected: " + type.form());
        }
        return faults;
    }
}
