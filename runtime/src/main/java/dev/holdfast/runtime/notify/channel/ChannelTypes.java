package dev.holdfast.runtime.notify.channel;

import dev.holdfast.runtime.settings.JdkModules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
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

    private static final String EXPECTED = "; expected: ";

    private static final String REMEDY = "; correct it, or leave it out";

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

    /** How addresses look, for the command line, a line each, with a line break behind the last. */
    public static String help() {
        StringBuilder help = new StringBuilder();
        for (ChannelType type : ALL) {
            help.append("        ").append(type.form()).append('\n');
        }
        return help.append("        or what a NotificationChannel of your own takes\n")
                .toString();
    }

    /**
     * What is wrong with a URI before anything of the application runs; each follows the name of its key, with what to do. Its own channels
     * cannot be asked yet, so an unknown scheme is wrong if it can have none.
     */
    public static List<String> faultsAtStart(String uri, boolean sharedRedis) {
        return faultsAtStart(uri, sharedRedis, () -> UserChannel.mayBeThere(ClassLoader.getSystemClassLoader()));
    }

    /**
     * The same for a program that does not run.
     *
     * @param has whether it has the resource of that name
     */
    public static List<String> faultsOf(String uri, boolean sharedRedis, Predicate<String> has) {
        return faultsAtStart(uri, sharedRedis, () -> UserChannel.mayBeIn(has));
    }

    private static List<String> faultsAtStart(String uri, boolean sharedRedis, BooleanSupplier mayBringMore) {
        List<String> faults = new ArrayList<>();
        for (String fault : faults(uri)) {
            faults.add(fault + REMEDY);
        }
        if (!faults.isEmpty()) {
            return faults;
        }
        Address address = Address.of(uri);
        if (own(address.scheme()) == null) {
            if (!mayBringMore.getAsBoolean()) {
                faults.add("has an unknown scheme, was \"" + address + "\"; expected: one of " + schemes()
                        + ", or one that a NotificationChannel of the application takes; correct it, or name the class in"
                        + " META-INF/services/" + UserChannel.INTERFACE);
            }
        } else if (RedisChannel.isShared(address) && !sharedRedis) {
            faults.add("is in the Redis of holdfast.redis, which is not set, was \"" + address
                    + "\"; expected: redis://host:port/?stream=name; set holdfast.redis, or name a host");
        }
        String lacking = JdkModules.ofThisJvm().fault(address.toString(), modules(address.scheme()));
        if (!lacking.isEmpty()) {
            faults.add(lacking + "; or leave it out");
        }
        return faults;
    }

    /** What the client for a scheme needs of the JDK beside java.base. */
    private static String[] modules(String scheme) {
        return switch (scheme) {
            case "http", "https", "slack+http", "slack+https", "nsq" -> new String[] {"java.net.http"};
            case "amqp", "amqps" -> new String[] {"java.naming", "java.security.sasl"};
            case "redis", "rediss", "redis-cluster", "redis-sentinel" -> new String[] {"java.management"};
            default -> new String[0];
        };
    }

    /** What is wrong with a URI, unless it is of a scheme that Holdfast does not bring; each follows the name of its key. */
    public static List<String> faults(String uri) {
        Address address;
        try {
            address = Address.of(uri);
        } catch (IllegalArgumentException malformed) {
            return List.of(fault(String.valueOf(malformed.getMessage()), Address.shown(uri), ""));
        }
        ChannelType type = own(address.scheme());
        if (type == null) {
            return List.of();
        }
        List<String> faults = new ArrayList<>();
        for (String fault : type.faults(address)) {
            faults.add(fault(fault, "\"" + address + "\"", EXPECTED + type.form()));
        }
        return faults;
    }

    /** The value stands between what is wrong and what is expected; a fault may know better what that is. */
    private static String fault(String fault, String was, String expected) {
        int at = fault.indexOf(EXPECTED);
        return at < 0
                ? fault + ", was " + was + expected
                : fault.substring(0, at) + ", was " + was + fault.substring(at);
    }
}
